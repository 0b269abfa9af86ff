create table orleans_storage (
  service_id text not null,
  grain_type text not null,
  grain_id_n0 integer not null,
  grain_id_n1 integer not null,
  grain_id_extension text not null,
  payload blob,
  modified_on text not null,
  version integer not null,
  primary key (service_id, grain_type, grain_id_n0, grain_id_n1, grain_id_extension)
) strict;

insert into OrleansQuery (QueryKey, QueryText) values
('WriteToStorageKey', '
insert into orleans_storage (service_id, grain_type, grain_id_n0, grain_id_n1, grain_id_extension, payload, modified_on, version)
select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), @PayloadBinary, datetime(''now''), 1
where @GrainStateVersion is null or exists (select 1 from orleans_storage where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
  and grain_id_extension = coalesce(@GrainIdExtensionString, ''''))
on conflict (service_id, grain_type, grain_id_n0, grain_id_n1, grain_id_extension) do update set
  payload = excluded.payload, modified_on = excluded.modified_on, version = version + 1
  where version = @GrainStateVersion
returning version as NewGrainStateVersion
'),
('ReadFromStorageKey', '
select payload as PayloadBinary, modified_on as ModifiedOn, version as Version from orleans_storage
where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
  and grain_id_extension = coalesce(@GrainIdExtensionString, '''')
'),
('ClearStorageKey', '
update orleans_storage set payload = null, modified_on = datetime(''now''), version = version + 1
where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
  and grain_id_extension = coalesce(@GrainIdExtensionString, '''') and version = @GrainStateVersion
returning version as NewGrainStateVersion
'),
('DeleteStorageKey', '
delete from orleans_storage
where service_id = @ServiceId and grain_type = @GrainTypeString and grain_id_n0 = @GrainIdN0 and grain_id_n1 = @GrainIdN1
  and grain_id_extension = coalesce(@GrainIdExtensionString, '''') and version = @GrainStateVersion
returning version + 1 as NewGrainStateVersion
');
