create table batches (
  id uuid primary key,
  version bigint not null check (version >= 1),
  operation text not null,
  filter text not null,
  reason text,
  caller text not null,
  correlation_id text not null,
  idempotency_key text,
  status text not null check (status in ('Running', 'Completed', 'Canceled')),
  more_after uuid,
  pending text not null,
  matched bigint,
  done bigint not null,
  skipped bigint not null,
  failed bigint not null,
  failures text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  canceled_by text,
  check ((status = 'Running') = (ended_at is null))
);
create unique index batches_key on batches (caller, idempotency_key) where idempotency_key is not null;
create index batches_open on batches (id) where ended_at is null;

-- What was counted stays counted, and what has ended stays as it is.
create trigger batches_guard_update before update on batches for each row when (
  old.ended_at is not null or new.version <> old.version + 1 or new.done < old.done or new.skipped < old.skipped or new.failed < old.failed
) execute function ledger_refuse('batch_goes_forward');
create trigger batches_guard_identity before update of id, operation, filter, reason, caller, correlation_id, idempotency_key, created_at on batches
  for each row execute function ledger_refuse('identity_is_written_once');
create trigger batches_guard_insert before insert on batches for each row when (new.version <> 1)
  execute function ledger_refuse('batch_goes_forward');
create trigger batches_guard_delete before delete on batches for each row when (old.ended_at is null or not ledger_in_retention())
  execute function ledger_refuse('only_retention_deletes');
create trigger batches_guard_truncate before truncate on batches for each statement execute function ledger_refuse('only_retention_deletes');
