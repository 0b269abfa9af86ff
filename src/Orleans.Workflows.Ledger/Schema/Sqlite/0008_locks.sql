-- A lock is held if and only if its row exists: from the claim of the run's first attempt to its terminal state.
create table locks (
  name text not null,
  run_id text not null,
  attempt integer not null,
  mode text not null check (mode in ('Exclusive', 'Shared')),
  token integer not null,
  acquired_at text not null,
  primary key (name, run_id)
) strict, without rowid;

create index locks_run on locks (run_id);
create unique index locks_exclusive on locks (name) where mode = 'Exclusive';

create trigger locks_guard_run before insert on locks when not exists (select 1 from runs where id = new.run_id and open_attempt = new.attempt)
begin select raise(abort, 'lock_is_of_an_open_attempt: insert on locks'); end;

create trigger locks_guard_insert before insert on locks when exists (
  select 1 from locks where name = new.name and run_id <> new.run_id and (mode = 'Exclusive' or new.mode = 'Exclusive'))
begin select raise(abort, 'lock_is_held: insert on locks'); end;

create trigger locks_guard_update before update on locks when
  new.name <> old.name or new.run_id <> old.run_id or new.mode <> old.mode or new.acquired_at <> old.acquired_at or new.token < old.token or new.attempt < old.attempt
begin select raise(abort, 'tokens_never_shrink: update on locks'); end;

create trigger runs_release_locks after update on runs when old.ended_at is null and new.ended_at is not null and new.demand like '%"locks":%'
begin delete from locks where run_id = new.id; end;
