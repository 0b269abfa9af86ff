create table orleans_storage (
  service_id text not null,
  grain_type text not null,
  grain_id_n0 bigint not null,
  grain_id_n1 bigint not null,
  grain_id_extension text not null,
  payload bytea,
  modified_on timestamptz not null,
  version integer not null,
  primary key (service_id, grain_type, grain_id_n0, grain_id_n1, grain_id_extension)
) with (fillfactor = 80);

insert into OrleansQuery (QueryKey, QueryText) values
('WriteToStorageKey', $q$
with updated as (
  update orleans_storage set payload = @PayloadBinary, modified_on = now(), version = version + 1
  where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
    and grain_id_extension = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion
  returning version),
inserted as (
  insert into orleans_storage (service_id, grain_type, grain_id_n0, grain_id_n1, grain_id_extension, payload, modified_on, version)
  select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''), @PayloadBinary, now(), 1
  where @GrainStateVersion is null
  on conflict do nothing
  returning version)
select coalesce((select version from updated), (select version from inserted), @GrainStateVersion) as NewGrainStateVersion
$q$),
('ReadFromStorageKey', $q$
select payload as PayloadBinary, modified_on as ModifiedOn, version as Version from orleans_storage
where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
  and grain_id_extension = coalesce(@GrainIdExtensionString, '')
$q$),
('ClearStorageKey', $q$
with updated as (
  update orleans_storage set payload = null, modified_on = now(), version = version + 1
  where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
    and grain_id_extension = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion
  returning version)
select coalesce((select version from updated), @GrainStateVersion) as NewGrainStateVersion
$q$),
('DeleteStorageKey', $q$
with deleted as (
  delete from orleans_storage
  where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
    and grain_id_extension = coalesce(@GrainIdExtensionString, '') and version = @GrainStateVersion
  returning version)
select coalesce((select version + 1 from deleted), @GrainStateVersion) as NewGrainStateVersion
$q$);
