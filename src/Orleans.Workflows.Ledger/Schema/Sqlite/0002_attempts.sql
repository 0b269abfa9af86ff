create table attempts (
  run_id text not null,
  number integer not null check (number >= 1),
  node text not null,
  queue text not null,
  claimed_at text not null,
  started_at text,
  ended_at text,
  pid integer,
  pid_start_ticks integer,
  boot_id text,
  agent_version text,
  stdout_offset integer not null check (stdout_offset >= 0),
  stderr_offset integer not null check (stderr_offset >= 0),
  parser_snapshot blob not null,
  turns integer,
  agent_turns integer,
  tool_calls integer,
  input_tokens integer,
  output_tokens integer,
  cache_read_tokens integer,
  cache_creation_tokens integer,
  cost_usd text,
  exit_code integer,
  signal integer,
  peak_memory_bytes integer check (peak_memory_bytes > 0),
  cpu_ms integer check (cpu_ms >= 0),
  reason_code text,
  reason_text text,
  leaked integer not null,
  details text,
  primary key (run_id, number)
) strict, without rowid;

create unique index attempts_open on attempts (run_id) where ended_at is null;

create trigger attempts_guard_ended before update on attempts when old.ended_at is not null
begin select raise(abort, 'ended_attempt_is_immutable: update on attempts'); end;

create trigger attempts_guard_offsets before update on attempts
when new.stdout_offset < old.stdout_offset or new.stderr_offset < old.stderr_offset
begin select raise(abort, 'offsets_never_shrink: update on attempts'); end;

create trigger attempts_guard_identity before update of run_id, number, node, queue, claimed_at on attempts
begin select raise(abort, 'identity_is_written_once: update on attempts'); end;

create trigger attempts_guard_replace before insert on attempts when exists (
  select 1 from attempts where run_id = new.run_id and (number = new.number or (ended_at is null and new.ended_at is null)))
begin select raise(abort, 'attempts_open: the attempt already stands, or another one is open'); end;

create trigger attempts_guard_delete before delete on attempts when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on attempts'); end;

-- SQLite has no deferred triggers: the writer inserts an attempt before the run names it, and ends it after.
create trigger runs_open_attempt_exists after update on runs
when new.open_attempt is not null and new.open_attempt is not old.open_attempt and not exists (
  select 1 from attempts where run_id = new.id and number = new.open_attempt and ended_at is null)
begin select raise(abort, 'open_attempt_exists: update on runs'); end;

create trigger attempts_closed after update on attempts
when old.ended_at is null and new.ended_at is not null and exists (
  select 1 from runs where id = new.run_id and open_attempt = new.number)
begin select raise(abort, 'open_attempt_exists: update on attempts'); end;

-- The transaction that lets go of an attempt ends it after the run. If it did not, the run goes no further; what ended the run
-- itself can't be seen from here.
create trigger runs_open_attempt_ends before update on runs
when old.open_attempt is null and new.open_attempt is null and exists (
  select 1 from attempts where run_id = new.id and ended_at is null)
begin select raise(abort, 'open_attempt_exists: update on runs'); end;
