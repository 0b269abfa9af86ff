-- A refusal always names its rule first, so that a reader of an error finds the rule by searching for the word.
create function ledger_refuse() returns trigger language plpgsql as $$
begin
  raise exception '%: % on %', tg_argv[0], lower(tg_op), tg_table_name using errcode = '23L01';
end $$;

create function ledger_in_retention() returns boolean language sql stable as
$$ select coalesce(current_setting('orleans_workflows.maintenance', true), '') = 'retention' $$;

create table runs (
  id uuid primary key,
  version bigint not null,
  append_id uuid not null,
  writer integer,
  writer_seq bigint,
  workflow text,
  definition_hash text not null,
  agent text not null,
  queue text not null,
  caller text not null,
  correlation_id text not null,
  trace_parent text,
  spec text not null,
  session_id uuid not null,
  continued_from uuid,
  created_at timestamptz not null,
  max_turns integer,
  labels text,
  demand text,
  status text not null,
  reason_code text,
  reason_text text,
  waits_for text,
  epoch integer not null,
  open_attempt integer,
  node text,
  phase text,
  branch text,
  turns integer,
  agent_turns integer,
  tool_calls integer,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_creation_tokens bigint,
  cost_usd numeric,
  usage_incomplete boolean not null,
  permission_denials integer not null,
  api_ms bigint,
  queued_at timestamptz,
  started_at timestamptz,
  last_activity_at timestamptz,
  ended_at timestamptz,
  duration_us bigint,
  next_deadline timestamptz,
  continue_until timestamptz,
  last_event_seq bigint not null,
  details text,
  result text,
  constraint runs_status check (status = any ('{Scheduled,Queued,Starting,Running,Waiting,Paused,Canceling,
    Completed,Failed,Canceled,Terminated,TimedOut,Expired}'::text[])),
  constraint runs_terminal check (case
    when status = any ('{Completed,Failed,Canceled,Terminated,TimedOut,Expired}'::text[])
    then ended_at is not null and reason_code is not null and next_deadline is null and open_attempt is null
      and writer is not null and writer_seq is not null
    else ended_at is null and writer_seq is null end),
  constraint runs_stuck check (next_deadline is not null or waits_for is not null or ended_at is not null),
  constraint runs_open_attempt check (open_attempt is not null or status <> all ('{Starting,Running}'::text[])),
  constraint runs_queued_at check (queued_at is not null or status <> 'Queued')
) with (fillfactor = 80);

create unique index runs_session on runs (session_id)
  where status <> all ('{Completed,Failed,Canceled,Terminated,TimedOut,Expired}'::text[]);
create index runs_due on runs (next_deadline) where next_deadline is not null;
create index runs_queued on runs (queued_at, id) where status = 'Queued';
create index runs_ended on runs (writer, writer_seq) where writer_seq is not null;
create index runs_ended_at on runs (ended_at) where ended_at is not null;
create index runs_continued_from on runs (continued_from) where continued_from is not null;
create index runs_workflow on runs (workflow, id) where workflow is not null;

create function runs_refuse_update() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'terminal_is_immutable: run % is %', old.id, old.status using errcode = '23L01';
  elsif new.version <> old.version + 1 then
    raise exception 'version_grows_by_one: run % from % to %', old.id, old.version, new.version using errcode = '23L01';
  elsif new.epoch < old.epoch or new.last_event_seq < old.last_event_seq then
    raise exception 'counters_never_shrink: run %', old.id using errcode = '23L01';
  end if;
  raise exception 'illegal_transition: run % from % to %', old.id, old.status, new.status using errcode = '23L01';
end $$;

-- The rules stand in the WHEN clause, so that a legal update calls no function. PostgreSQL reads its stored form anew for
-- every statement, so lists are one array constant: as IN lists they cost a fifth of a millisecond a statement.
create trigger runs_guard_update before update on runs for each row when (
  old.ended_at is not null
  or new.version <> old.version + 1
  or new.epoch < old.epoch
  or new.last_event_seq < old.last_event_seq
  or (new.status <> old.status and (old.status || '>' || new.status) <> all ('{
    Scheduled>Queued,Scheduled>Paused,Scheduled>Failed,Scheduled>Canceled,Scheduled>Terminated,Scheduled>Expired,
    Queued>Starting,Queued>Scheduled,Queued>Waiting,Queued>Paused,Queued>TimedOut,Queued>Failed,Queued>Canceled,Queued>Terminated,Queued>Expired,
    Starting>Running,Starting>Queued,Starting>Waiting,Starting>Paused,Starting>Canceling,Starting>Completed,Starting>Failed,Starting>Canceled,Starting>Terminated,Starting>TimedOut,
    Running>Completed,Running>Queued,Running>Waiting,Running>Paused,Running>Canceling,Running>Failed,Running>Canceled,Running>Terminated,Running>TimedOut,
    Waiting>Running,Waiting>Queued,Waiting>Paused,Waiting>Canceling,Waiting>Expired,Waiting>Completed,Waiting>Failed,Waiting>Canceled,Waiting>Terminated,Waiting>TimedOut,
    Paused>Scheduled,Paused>Queued,Paused>Running,Paused>Waiting,Paused>Canceling,Paused>Expired,Paused>Completed,Paused>Failed,Paused>Canceled,Paused>Terminated,Paused>TimedOut,
    Canceling>Completed,Canceling>Failed,Canceling>Canceled,Canceling>Terminated,Canceling>TimedOut}'::text[]))
) execute function runs_refuse_update();

-- Naming one of these columns in SET is enough to be refused; the check costs nothing where they are not named.
create trigger runs_guard_identity before update of id, workflow, definition_hash, agent, queue, caller, correlation_id,
  trace_parent, spec, session_id, continued_from, created_at, max_turns, labels, demand on runs
  for each row execute function ledger_refuse('identity_is_written_once');

create trigger runs_guard_insert before insert on runs for each row when (
  new.status not in ('Scheduled', 'Queued') or new.version <> 1 or new.open_attempt is not null
) execute function ledger_refuse('runs_start_scheduled_or_queued_at_version_one');

create trigger runs_guard_delete before delete on runs for each row when (
  old.ended_at is null or not ledger_in_retention()
) execute function ledger_refuse('only_retention_deletes_ended_runs');

create trigger runs_guard_truncate before truncate on runs for each statement
  execute function ledger_refuse('only_retention_deletes_ended_runs');

create table run_labels (
  name text not null,
  value text not null,
  run_id uuid not null,
  primary key (name, value, run_id)
);
create index run_labels_run on run_labels (run_id);
