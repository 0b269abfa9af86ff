create table admission (
  id integer primary key check (id = 1),
  epoch integer not null
) strict;
insert into admission (id, epoch) values (1, 0);

create table nodes (
  node text not null primary key,
  silo_address text not null,
  slots integer not null check (slots >= 0),
  started_at text not null,
  lease_until text not null
) strict, without rowid;

create table writers (
  id integer primary key,
  name text not null unique,
  last_seq integer not null default 0
) strict;

create trigger admission_guard_update before update on admission when new.epoch <= old.epoch or new.id <> old.id
begin select raise(abort, 'admission_epoch_grows: update on admission'); end;

create trigger admission_guard_replace before insert on admission when exists (select 1 from admission)
begin select raise(abort, 'admission_epoch_grows: insert on admission'); end;

create trigger admission_guard_delete before delete on admission
begin select raise(abort, 'admission_epoch_grows: delete on admission'); end;

create trigger writers_guard_update before update on writers when new.last_seq < old.last_seq or new.id <> old.id or new.name <> old.name
begin select raise(abort, 'writer_sequence_grows: update on writers'); end;

create trigger writers_guard_replace before insert on writers when exists (select 1 from writers where id = new.id or name = new.name)
begin select raise(abort, 'writer_sequence_grows: insert on writers'); end;

create trigger writers_guard_delete before delete on writers
begin select raise(abort, 'writer_sequence_grows: delete on writers'); end;
