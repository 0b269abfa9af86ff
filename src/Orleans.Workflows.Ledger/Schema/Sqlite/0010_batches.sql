create table batches (
  id text not null primary key,
  version integer not null check (version >= 1),
  operation text not null,
  filter text not null,
  reason text,
  caller text not null,
  correlation_id text not null,
  idempotency_key text,
  status text not null check (status in ('Running', 'Completed', 'Canceled')),
  more_after text,
  pending text not null,
  matched integer,
  done integer not null,
  skipped integer not null,
  failed integer not null,
  failures text not null,
  created_at text not null,
  updated_at text not null,
  ended_at text,
  canceled_by text,
  check ((status = 'Running') = (ended_at is null))
) strict, without rowid;

create unique index batches_key on batches (caller, idempotency_key) where idempotency_key is not null;
create index batches_open on batches (id) where ended_at is null;

-- What was counted stays counted, and what has ended stays as it is.
create trigger batches_guard_update before update on batches when
  old.ended_at is not null or new.version <> old.version + 1 or new.done < old.done or new.skipped < old.skipped or new.failed < old.failed
begin select raise(abort, 'batch_goes_forward: update on batches'); end;

create trigger batches_guard_identity before update of id, operation, filter, reason, caller, correlation_id, idempotency_key, created_at on batches
begin select raise(abort, 'identity_is_written_once: update on batches'); end;

create trigger batches_guard_insert before insert on batches when new.version <> 1
begin select raise(abort, 'batch_goes_forward: insert on batches'); end;

create trigger batches_guard_delete before delete on batches when old.ended_at is null or not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on batches'); end;
