create table attempts (
  run_id uuid not null,
  number integer not null check (number >= 1),
  node text not null,
  queue text not null,
  claimed_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  pid integer,
  pid_start_ticks bigint,
  boot_id text,
  agent_version text,
  stdout_offset bigint not null check (stdout_offset >= 0),
  stderr_offset bigint not null check (stderr_offset >= 0),
  parser_snapshot bytea not null,
  turns integer,
  agent_turns integer,
  tool_calls integer,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_creation_tokens bigint,
  cost_usd numeric,
  exit_code integer,
  signal integer,
  peak_memory_bytes bigint check (peak_memory_bytes > 0),
  cpu_ms bigint check (cpu_ms >= 0),
  reason_code text,
  reason_text text,
  leaked boolean not null,
  details text,
  primary key (run_id, number)
) with (fillfactor = 80);
create unique index attempts_open on attempts (run_id) where ended_at is null;

create function attempts_refuse_update() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'ended_attempt_is_immutable: attempt % of run %', old.number, old.run_id using errcode = '23L01';
  end if;
  raise exception 'offsets_never_shrink: attempt % of run %', old.number, old.run_id using errcode = '23L01';
end $$;

create trigger attempts_guard_update before update on attempts for each row when (
  old.ended_at is not null or new.stdout_offset < old.stdout_offset or new.stderr_offset < old.stderr_offset
) execute function attempts_refuse_update();

create trigger attempts_guard_identity before update of run_id, number, node, queue, claimed_at on attempts
  for each row execute function ledger_refuse('identity_is_written_once');

create function runs_check_open_attempt() returns trigger language plpgsql as $$
begin
  perform 1 from attempts where run_id = new.id and number = new.open_attempt and ended_at is null;
  if not found then
    raise exception 'open_attempt_exists: run % names attempt %, which is not open', new.id, new.open_attempt using errcode = '23L01';
  end if;
  return null;
end $$;

-- Deferred: the run's new state is written before its attempt, in one transaction.
create constraint trigger runs_open_attempt_exists after update on runs deferrable initially deferred for each row when (
  new.open_attempt is not null and new.open_attempt is distinct from old.open_attempt
) execute function runs_check_open_attempt();

create function runs_check_closed_attempt() returns trigger language plpgsql as $$
begin
  perform 1 from attempts where run_id = old.id and number = old.open_attempt and ended_at is null;
  if found then
    raise exception 'open_attempt_exists: run % does not name attempt % any more, which is open', old.id, old.open_attempt using errcode = '23L01';
  end if;
  return null;
end $$;

create constraint trigger runs_open_attempt_ends after update on runs deferrable initially deferred for each row when (
  old.open_attempt is not null and new.open_attempt is distinct from old.open_attempt
) execute function runs_check_closed_attempt();

create function attempts_check_closed() returns trigger language plpgsql as $$
begin
  perform 1 from runs where id = new.run_id and open_attempt = new.number;
  if found then
    raise exception 'open_attempt_exists: run % still names attempt %, which ended', new.run_id, new.number using errcode = '23L01';
  end if;
  return null;
end $$;

create constraint trigger attempts_closed after update on attempts deferrable initially deferred for each row when (
  old.ended_at is null and new.ended_at is not null
) execute function attempts_check_closed();

create trigger attempts_guard_delete before delete on attempts for each row when (not ledger_in_retention())
  execute function ledger_refuse('only_retention_deletes');
create trigger attempts_guard_truncate before truncate on attempts for each statement
  execute function ledger_refuse('only_retention_deletes');
