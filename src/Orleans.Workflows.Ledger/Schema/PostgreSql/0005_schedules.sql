create table schedules (
  name text collate "C" primary key,
  incarnation uuid not null,
  version bigint not null check (version >= 1),
  spec text not null,
  run text not null,
  overlap text not null,
  catch_up_seconds bigint not null check (catch_up_seconds > 0),
  paused boolean not null,
  note text,
  handled_until timestamptz not null,
  free_since timestamptz,
  buffered text not null,
  under_way text not null,
  recent text not null,
  started bigint not null,
  skipped bigint not null,
  missed bigint not null,
  failed bigint not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- What was dealt with never becomes due again.
create trigger schedules_guard_update before update on schedules for each row
  when (new.version <> old.version + 1 or new.name <> old.name or new.incarnation <> old.incarnation or new.handled_until < old.handled_until)
  execute function ledger_refuse('schedule_goes_forward');
create trigger schedules_guard_insert before insert on schedules for each row when (new.version <> 1)
  execute function ledger_refuse('schedule_goes_forward');
