create table schedules (
  name text not null primary key,
  incarnation text not null,
  version integer not null check (version >= 1),
  spec text not null,
  run text not null,
  overlap text not null,
  catch_up_seconds integer not null check (catch_up_seconds > 0),
  paused integer not null,
  note text,
  handled_until text not null,
  free_since text,
  buffered text not null,
  under_way text not null,
  recent text not null,
  started integer not null,
  skipped integer not null,
  missed integer not null,
  failed integer not null,
  created_at text not null,
  updated_at text not null
) strict, without rowid;

-- What was dealt with never becomes due again.
create trigger schedules_guard_update before update on schedules
when new.version <> old.version + 1 or new.name <> old.name or new.incarnation <> old.incarnation or new.handled_until < old.handled_until
begin select raise(abort, 'schedule_goes_forward: update on schedules'); end;

create trigger schedules_guard_insert before insert on schedules when new.version <> 1
begin select raise(abort, 'schedule_goes_forward: insert on schedules'); end;
