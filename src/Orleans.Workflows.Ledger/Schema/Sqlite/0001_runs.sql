-- Times are UTC text of one width, money is canonical decimal text, ids are lower-case text: each sorts as it means.
-- Retention sets this row and clears it inside one transaction; while it stands, ended rows may be deleted.
create table maintenance (
  name text not null primary key check (name = 'retention')
) strict, without rowid;

create table runs (
  id text not null primary key,
  version integer not null,
  append_id text not null,
  writer integer,
  writer_seq integer,
  workflow text,
  definition_hash text not null,
  agent text not null,
  queue text not null,
  caller text not null,
  correlation_id text not null,
  trace_parent text,
  spec text not null,
  session_id text not null,
  continued_from text,
  created_at text not null,
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
  input_tokens integer,
  output_tokens integer,
  cache_read_tokens integer,
  cache_creation_tokens integer,
  cost_usd text,
  usage_incomplete integer not null,
  permission_denials integer not null,
  api_ms integer,
  queued_at text,
  started_at text,
  last_activity_at text,
  ended_at text,
  duration_us integer,
  next_deadline text,
  continue_until text,
  last_event_seq integer not null,
  details text,
  result text,
  constraint runs_status check (status in ('Scheduled', 'Queued', 'Starting', 'Running', 'Waiting', 'Paused', 'Canceling',
    'Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut', 'Expired')),
  constraint runs_terminal check (case
    when status in ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut', 'Expired')
    then ended_at is not null and reason_code is not null and next_deadline is null and open_attempt is null
      and writer is not null and writer_seq is not null
    else ended_at is null and writer_seq is null end),
  constraint runs_stuck check (next_deadline is not null or waits_for is not null or ended_at is not null),
  constraint runs_open_attempt check (open_attempt is not null or status not in ('Starting', 'Running')),
  constraint runs_queued_at check (queued_at is not null or status <> 'Queued')
) strict;

create unique index runs_session on runs (session_id)
  where status not in ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut', 'Expired');

create index runs_due on runs (next_deadline) where next_deadline is not null;

create index runs_queued on runs (queued_at, id) where status = 'Queued';

create index runs_ended on runs (writer, writer_seq) where writer_seq is not null;

create index runs_ended_at on runs (ended_at) where ended_at is not null;

create index runs_continued_from on runs (continued_from) where continued_from is not null;

create index runs_workflow on runs (workflow, id) where workflow is not null;

create table run_labels (
  name text not null,
  value text not null,
  run_id text not null,
  primary key (name, value, run_id)
) strict, without rowid;

create index run_labels_run on run_labels (run_id);

-- One trigger with one condition: each trigger is a call of its own, a legal update pays for this one only.
create trigger runs_guard_update before update on runs when (
  old.ended_at is not null
  or new.version <> old.version + 1
  or new.rowid <> old.rowid
  or new.epoch < old.epoch
  or new.last_event_seq < old.last_event_seq
  or (new.status <> old.status and not case old.status
    when 'Scheduled' then new.status in ('Queued', 'Paused', 'Failed', 'Canceled', 'Terminated', 'Expired')
    when 'Queued' then new.status in ('Starting', 'Scheduled', 'Waiting', 'Paused', 'TimedOut', 'Failed', 'Canceled', 'Terminated', 'Expired')
    when 'Starting' then new.status in ('Running', 'Queued', 'Waiting', 'Paused', 'Canceling', 'Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')
    when 'Running' then new.status in ('Completed', 'Queued', 'Waiting', 'Paused', 'Canceling', 'Failed', 'Canceled', 'Terminated', 'TimedOut')
    when 'Waiting' then new.status in ('Running', 'Queued', 'Paused', 'Canceling', 'Expired', 'Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')
    when 'Paused' then new.status in ('Scheduled', 'Queued', 'Running', 'Waiting', 'Canceling', 'Expired', 'Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')
    when 'Canceling' then new.status in ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')
    else false end)
)
begin
  select case
    when old.ended_at is not null then raise(abort, 'terminal_is_immutable: update on runs')
    when new.version <> old.version + 1 then raise(abort, 'version_grows_by_one: update on runs')
    when new.rowid <> old.rowid then raise(abort, 'identity_is_written_once: update on runs')
    when new.epoch < old.epoch or new.last_event_seq < old.last_event_seq then raise(abort, 'counters_never_shrink: update on runs')
    else raise(abort, 'illegal_transition: update on runs')
  end;
end;

create trigger runs_guard_identity before update of id, workflow, definition_hash, agent, queue, caller, correlation_id, trace_parent, spec, session_id,
  continued_from, created_at, max_turns, labels, demand on runs
begin select raise(abort, 'identity_is_written_once: update on runs'); end;

create trigger runs_guard_insert before insert on runs
when new.status not in ('Scheduled', 'Queued') or new.version <> 1 or new.open_attempt is not null
begin select raise(abort, 'runs_start_scheduled_or_queued_at_version_one: insert on runs'); end;

-- REPLACE deletes the row in its way without firing a delete trigger, so every key is looked at first.
create trigger runs_guard_replace before insert on runs when exists (
  select 1 from runs where id = new.id or rowid = new.rowid)
begin select raise(abort, 'runs_pkey: the run already stands'); end;

create trigger runs_guard_session before insert on runs when exists (
  select 1 from runs where session_id = new.session_id
    and status not in ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut', 'Expired'))
begin select raise(abort, 'runs_session: another non-terminal run holds the session'); end;

create trigger runs_guard_delete before delete on runs when old.ended_at is null or not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes_ended_runs: delete on runs'); end;
