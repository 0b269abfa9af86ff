create table admission (
  id integer primary key check (id = 1),
  epoch bigint not null
);
insert into admission (id, epoch) values (1, 0);

-- Whoever claims slots holds this lock shared until it commits, and takes it before any other; whoever changes the epoch
-- holds it alone. So what is read after a change shows every claim of an older epoch, and none comes later. Unlike a lock on
-- the row it writes nothing. Any number that nothing else in the database uses.
create function admission_lock() returns bigint language sql immutable as $$ select 8031995544398820211 $$;

create function admission_wait_for_claims() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(admission_lock());
  return null;
end $$;

create trigger admission_waits before update on admission for each statement execute function admission_wait_for_claims();
create trigger admission_guard_update before update on admission for each row when (new.epoch <= old.epoch or new.id <> old.id)
  execute function ledger_refuse('admission_epoch_grows');
create trigger admission_guard_delete before delete on admission for each row
  execute function ledger_refuse('admission_epoch_grows');
create trigger admission_guard_truncate before truncate on admission for each statement
  execute function ledger_refuse('admission_epoch_grows');

create table nodes (
  node text primary key,
  silo_address text not null,
  slots integer not null check (slots >= 0),
  started_at timestamptz not null,
  lease_until timestamptz not null
);

-- One row a connection that writes. Its sequence moves inside the writing transaction, whose lock on this row makes
-- the order of numbers the order of commits.
create table writers (
  id integer generated always as identity primary key,
  name text not null unique,
  last_seq bigint not null default 0
) with (fillfactor = 10);

create trigger writers_guard_update before update on writers for each row when (new.last_seq < old.last_seq or new.id <> old.id or new.name <> old.name)
  execute function ledger_refuse('writer_sequence_grows');
create trigger writers_guard_delete before delete on writers for each row
  execute function ledger_refuse('writer_sequence_grows');
create trigger writers_guard_truncate before truncate on writers for each statement
  execute function ledger_refuse('writer_sequence_grows');
