-- Each change is a row, and the last one of a name holds: the table is its own audit. No rule: the hold was released.
create table holds (
  name text not null,
  version bigint not null check (version >= 1),
  rule text,
  at timestamptz not null,
  caller text not null,
  correlation_id text not null,
  note text,
  primary key (name, version)
);

create function holds_next_version(name_of text) returns bigint language sql stable as
$$ select 1 + coalesce(max(version), 0) from holds where name = name_of $$;

create trigger holds_guard_insert before insert on holds for each row when (new.version <> holds_next_version(new.name))
  execute function ledger_refuse('version_grows_by_one');
create trigger holds_guard_update before update on holds for each row execute function ledger_refuse('append_only');
create trigger holds_guard_delete before delete on holds for each row execute function ledger_refuse('append_only');
create trigger holds_guard_truncate before truncate on holds for each statement execute function ledger_refuse('append_only');
