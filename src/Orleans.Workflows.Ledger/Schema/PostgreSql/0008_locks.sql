-- A lock is held if and only if its row exists: from the claim of the run's first attempt to its terminal state.
create table locks (
  name text not null,
  run_id uuid not null,
  attempt integer not null,
  mode text not null check (mode in ('Exclusive', 'Shared')),
  token bigint not null,
  acquired_at timestamptz not null,
  primary key (name, run_id)
);
create index locks_run on locks (run_id);
create unique index locks_exclusive on locks (name) where mode = 'Exclusive';

-- Who takes a lock waits for whoever is about to: what this reads then is all that is held. Claims take their locks in the
-- order of the names, so that none waits for another in a circle.
create function locks_check() returns trigger language plpgsql as $$
begin
  perform 1 from runs where id = new.run_id and open_attempt = new.attempt;
  if not found then
    raise exception 'lock_is_of_an_open_attempt: lock % of run %, attempt %', new.name, new.run_id, new.attempt using errcode = '23L01';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(new.name, 4711));
  perform 1 from locks where name = new.name and run_id <> new.run_id and (mode = 'Exclusive' or new.mode = 'Exclusive');
  if found then
    raise exception 'lock_is_held: lock % is not free for run %', new.name, new.run_id using errcode = '23L01';
  end if;
  return new;
end $$;

create trigger locks_guard_insert before insert on locks for each row execute function locks_check();
create trigger locks_guard_update before update on locks for each row when (
  new.name <> old.name or new.run_id <> old.run_id or new.mode <> old.mode or new.acquired_at <> old.acquired_at or new.token < old.token or new.attempt < old.attempt
) execute function ledger_refuse('tokens_never_shrink');
create trigger locks_guard_truncate before truncate on locks for each statement execute function ledger_refuse('locks_end_with_their_run');

create function locks_release() returns trigger language plpgsql as $$
begin
  delete from locks where run_id = new.id;
  return null;
end $$;

-- Almost every run asks for none: those call no function.
create trigger runs_release_locks after update on runs for each row when (
  old.ended_at is null and new.ended_at is not null and new.demand like '%"locks":%'
) execute function locks_release();
