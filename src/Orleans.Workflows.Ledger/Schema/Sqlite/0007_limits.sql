-- Each change is a row, and the last one of a name holds: the table is its own audit. No rule: the limit was removed.
create table limits (
  name text not null,
  version integer not null check (version >= 1),
  rule text,
  at text not null,
  caller text not null,
  correlation_id text not null,
  note text,
  primary key (name, version)
) strict, without rowid;

create trigger limits_guard_insert before insert on limits
when new.version <> 1 + coalesce((select max(version) from limits where name = new.name), 0)
begin select raise(abort, 'version_grows_by_one: insert on limits'); end;

create trigger limits_guard_update before update on limits
begin select raise(abort, 'append_only: update on limits'); end;

create trigger limits_guard_delete before delete on limits
begin select raise(abort, 'append_only: delete on limits'); end;
