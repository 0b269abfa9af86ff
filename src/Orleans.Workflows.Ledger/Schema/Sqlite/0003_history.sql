-- Keyed by the last number, so that "what came after n" is one range of the primary key.
create table run_events (
  run_id text not null,
  last_seq integer not null,
  first_seq integer not null,
  at text not null,
  attempt integer,
  events text not null,
  primary key (run_id, last_seq),
  check (first_seq >= 1 and last_seq >= first_seq)
) strict;

create table usage_events (
  run_id text not null,
  message_id text not null,
  attempt integer not null,
  model text,
  parent_tool_use_id text,
  at text not null,
  input_tokens integer,
  output_tokens integer,
  cache_read_tokens integer,
  cache_creation_tokens integer,
  cost_usd text,
  primary key (run_id, attempt, message_id)
) strict, without rowid;

-- codec: 0 as it is, 1 Brotli.
create table transcripts (
  run_id text not null,
  attempt integer not null,
  stream integer not null check (stream in (1, 2)),
  byte_offset integer not null check (byte_offset >= 0),
  byte_length integer not null check (byte_length > 0),
  codec integer not null,
  bytes blob not null,
  primary key (run_id, attempt, stream, byte_offset)
) strict;

create table commands (
  run_id text not null,
  id text not null,
  kind text not null,
  caller text not null,
  at text not null,
  text text,
  handled_at text,
  outcome text,
  primary key (run_id, id)
) strict, without rowid;

create table idempotency_keys (
  caller text not null,
  key text not null,
  request_hash blob not null,
  run_id text not null,
  keep_until text not null,
  primary key (caller, key)
) strict, without rowid;

create index idempotency_keys_keep_until on idempotency_keys (keep_until);

create table audit_log (
  run_id text not null,
  id integer not null,
  at text not null,
  caller text not null,
  action text not null,
  details text,
  correlation_id text not null,
  primary key (run_id, id)
) strict, without rowid;

create table definitions (
  hash text not null primary key,
  workflow text,
  content text not null,
  at text not null
) strict, without rowid;

create trigger usage_events_guard_update before update on usage_events when not exists (
  select 1 from attempts where run_id = old.run_id and number = old.attempt and ended_at is null)
begin select raise(abort, 'usage_of_ended_attempt_is_immutable: update on usage_events'); end;

create trigger usage_events_guard_identity before update of run_id, attempt, message_id on usage_events
begin select raise(abort, 'identity_is_written_once: update on usage_events'); end;

create trigger commands_guard_update before update on commands when old.handled_at is not null
begin select raise(abort, 'handled_command_is_immutable: update on commands'); end;

create trigger commands_guard_identity before update of run_id, id, kind, caller, at, text on commands
begin select raise(abort, 'identity_is_written_once: update on commands'); end;

create trigger run_events_guard_update before update on run_events
begin select raise(abort, 'append_only: update on run_events'); end;

create trigger transcripts_guard_update before update on transcripts
begin select raise(abort, 'append_only: update on transcripts'); end;

create trigger idempotency_keys_guard_update before update on idempotency_keys
begin select raise(abort, 'append_only: update on idempotency_keys'); end;

create trigger audit_log_guard_update before update on audit_log
begin select raise(abort, 'append_only: update on audit_log'); end;

create trigger definitions_guard_update before update on definitions
begin select raise(abort, 'append_only: update on definitions'); end;

create trigger run_labels_guard_update before update on run_labels
begin select raise(abort, 'append_only: update on run_labels'); end;

-- REPLACE deletes the row in its way without firing a delete trigger.
create trigger run_events_guard_replace before insert on run_events when exists (
  select 1 from run_events where (run_id = new.run_id and last_seq = new.last_seq) or rowid = new.rowid)
begin select raise(abort, 'run_events_pkey: the row already stands'); end;

create trigger usage_events_guard_replace before insert on usage_events when exists (
  select 1 from usage_events where run_id = new.run_id and attempt = new.attempt and message_id = new.message_id)
begin select raise(abort, 'usage_events_pkey: the row already stands'); end;

create trigger transcripts_guard_replace before insert on transcripts when exists (
  select 1 from transcripts where run_id = new.run_id and attempt = new.attempt and stream = new.stream and byte_offset = new.byte_offset)
  or exists (select 1 from transcripts where rowid = new.rowid)
begin select raise(abort, 'transcripts_pkey: the row already stands'); end;

create trigger commands_guard_replace before insert on commands when exists (
  select 1 from commands where run_id = new.run_id and id = new.id)
begin select raise(abort, 'commands_pkey: the row already stands'); end;

create trigger idempotency_keys_guard_replace before insert on idempotency_keys when exists (
  select 1 from idempotency_keys where caller = new.caller and key = new.key)
begin select raise(abort, 'idempotency_keys_pkey: the row already stands'); end;

create trigger audit_log_guard_replace before insert on audit_log when exists (
  select 1 from audit_log where run_id = new.run_id and id = new.id)
begin select raise(abort, 'audit_log_pkey: the row already stands'); end;

create trigger definitions_guard_replace before insert on definitions when exists (
  select 1 from definitions where hash = new.hash)
begin select raise(abort, 'definitions_pkey: the row already stands'); end;

create trigger run_labels_guard_replace before insert on run_labels when exists (
  select 1 from run_labels where name = new.name and value = new.value and run_id = new.run_id)
begin select raise(abort, 'run_labels_pkey: the row already stands'); end;

create trigger run_events_guard_delete before delete on run_events when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on run_events'); end;

create trigger usage_events_guard_delete before delete on usage_events when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on usage_events'); end;

create trigger transcripts_guard_delete before delete on transcripts when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on transcripts'); end;

create trigger commands_guard_delete before delete on commands when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on commands'); end;

create trigger idempotency_keys_guard_delete before delete on idempotency_keys when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on idempotency_keys'); end;

create trigger audit_log_guard_delete before delete on audit_log when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on audit_log'); end;

create trigger definitions_guard_delete before delete on definitions when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on definitions'); end;

create trigger run_labels_guard_delete before delete on run_labels when not exists (select 1 from maintenance)
begin select raise(abort, 'only_retention_deletes: delete on run_labels'); end;
