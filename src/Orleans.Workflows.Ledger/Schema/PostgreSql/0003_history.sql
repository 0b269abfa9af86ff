-- Keyed by the last number, so that "what came after n" is one range of the primary key.
create table run_events (
  run_id uuid not null,
  last_seq bigint not null,
  first_seq bigint not null,
  at timestamptz not null,
  attempt integer,
  events text not null,
  primary key (run_id, last_seq),
  check (first_seq >= 1 and last_seq >= first_seq)
);

create table usage_events (
  run_id uuid not null,
  attempt integer not null,
  message_id text not null,
  model text,
  parent_tool_use_id text,
  at timestamptz not null,
  input_tokens bigint,
  output_tokens bigint,
  cache_read_tokens bigint,
  cache_creation_tokens bigint,
  cost_usd numeric,
  primary key (run_id, attempt, message_id)
);

-- codec: 0 as it is, 1 Brotli.
create table transcripts (
  run_id uuid not null,
  attempt integer not null,
  stream smallint not null check (stream in (1, 2)),
  byte_offset bigint not null check (byte_offset >= 0),
  byte_length integer not null check (byte_length > 0),
  codec smallint not null,
  bytes bytea not null,
  primary key (run_id, attempt, stream, byte_offset)
);
alter table transcripts alter column bytes set storage external;

create table commands (
  run_id uuid not null,
  id uuid not null,
  kind text not null,
  caller text not null,
  at timestamptz not null,
  text text,
  handled_at timestamptz,
  outcome text,
  primary key (run_id, id)
);

create table idempotency_keys (
  caller text not null,
  key text not null,
  request_hash bytea not null,
  run_id uuid not null,
  keep_until timestamptz not null,
  primary key (caller, key)
);

create index idempotency_keys_keep_until on idempotency_keys (keep_until);

create table audit_log (
  run_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null,
  caller text not null,
  action text not null,
  details text,
  correlation_id text not null,
  primary key (run_id, id)
);

create table definitions (
  hash text primary key,
  workflow text,
  content text not null,
  at timestamptz not null
);

create function usage_check_update() returns trigger language plpgsql as $$
begin
  perform 1 from attempts where run_id = old.run_id and number = old.attempt and ended_at is null;
  if not found then
    raise exception 'usage_of_ended_attempt_is_immutable: message % of run %', old.message_id, old.run_id using errcode = '23L01';
  end if;
  return new;
end $$;

create trigger usage_events_guard_update before update on usage_events for each row execute function usage_check_update();
create trigger usage_events_guard_identity before update of run_id, attempt, message_id on usage_events
  for each row execute function ledger_refuse('identity_is_written_once');
create trigger commands_guard_update before update on commands for each row when (old.handled_at is not null)
  execute function ledger_refuse('handled_command_is_immutable');
create trigger commands_guard_identity before update of run_id, id, kind, caller, at, text on commands
  for each row execute function ledger_refuse('identity_is_written_once');

do $$
declare t text;
begin
  foreach t in array array['run_events', 'transcripts', 'idempotency_keys', 'audit_log', 'definitions', 'run_labels'] loop
    execute format('create trigger %I before update on %I for each row execute function ledger_refuse(''append_only'')', t || '_guard_update', t);
  end loop;
  foreach t in array array['run_events', 'transcripts', 'idempotency_keys', 'audit_log', 'definitions', 'run_labels', 'usage_events', 'commands'] loop
    execute format('create trigger %I before delete on %I for each row when (not ledger_in_retention()) execute function ledger_refuse(''only_retention_deletes'')', t || '_guard_delete', t);
    execute format('create trigger %I before truncate on %I for each statement execute function ledger_refuse(''only_retention_deletes'')', t || '_guard_truncate', t);
  end loop;
end $$;
