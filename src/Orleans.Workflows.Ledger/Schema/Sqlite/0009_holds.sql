-- Each change is a row, and the last one of a name holds: the table is its own audit. No rule: the hold was released.
create table holds (
  name text not null,
  version integer not null check (version >= 1),
  rule text,
  at text not null,
  caller text not null,
  correlation_id text not null,
  note text,
  primary key (name, version)
) strict, without rowid;

create trigger holds_guard_insert before insert on holds
when new.version <> 1 + coalesce((select max(version) from holds where name = new.name), 0)
begin select raise(abort, 'version_grows_by_one: insert on holds'); end;

create trigger holds_guard_update before update on holds
begin select raise(abort, 'append_only: update on holds'); end;

create trigger holds_guard_delete before delete on holds
begin select raise(abort, 'append_only: delete on holds'); end;
