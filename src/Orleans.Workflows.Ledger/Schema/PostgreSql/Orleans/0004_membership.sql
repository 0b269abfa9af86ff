create table orleans_membership_version (
  deployment_id text primary key,
  timestamp timestamptz not null,
  version integer not null
);

create table orleans_membership (
  deployment_id text not null references orleans_membership_version,
  address text not null,
  port integer not null,
  generation integer not null,
  silo_name text not null,
  host_name text not null,
  status integer not null,
  proxy_port integer,
  suspect_times text,
  start_time timestamptz not null,
  i_am_alive_time timestamptz not null,
  primary key (deployment_id, address, port, generation)
);

insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', $q$
with added as (
  insert into orleans_membership_version (deployment_id, timestamp, version) values (@DeploymentId, now(), 0)
  on conflict do nothing returning 1)
select count(*)::integer as Added from added
$q$),
('InsertMembershipKey', $q$
with moved as (
  update orleans_membership_version v set timestamp = now(), version = v.version + 1
  where v.deployment_id = @DeploymentId and v.version = @Version and not exists (
    select 1 from orleans_membership m
    where m.deployment_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
  returning 1),
added as (
  insert into orleans_membership (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
  select @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from moved
  returning 1)
select count(*)::integer as Added from added
$q$),
('UpdateMembershipKey', $q$
with moved as (
  update orleans_membership_version v set timestamp = now(), version = v.version + 1
  where v.deployment_id = @DeploymentId and v.version = @Version and exists (
    select 1 from orleans_membership m
    where m.deployment_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation)
  returning 1),
changed as (
  update orleans_membership m set status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
  from moved
  where m.deployment_id = @DeploymentId and m.address = @Address and m.port = @Port and m.generation = @Generation
  returning 1)
select count(*)::integer as Changed from changed
$q$),
('UpdateIAmAlivetimeKey', $q$
update orleans_membership set i_am_alive_time = @IAmAliveTime
where deployment_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$q$),
('MembershipReadRowKey', $q$
select v.deployment_id as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
  m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort, m.suspect_times as SuspectTimes, m.start_time as StartTime,
  m.i_am_alive_time as IAmAliveTime, v.version as Version
from orleans_membership_version v left join orleans_membership m on m.deployment_id = v.deployment_id
  and m.address = @Address and m.port = @Port and m.generation = @Generation
where v.deployment_id = @DeploymentId
$q$),
('MembershipReadAllKey', $q$
select v.deployment_id as DeploymentId, m.address as Address, m.port as Port, m.generation as Generation, m.silo_name as SiloName,
  m.host_name as HostName, m.status as Status, m.proxy_port as ProxyPort, m.suspect_times as SuspectTimes, m.start_time as StartTime,
  m.i_am_alive_time as IAmAliveTime, v.version as Version
from orleans_membership_version v left join orleans_membership m on m.deployment_id = v.deployment_id
where v.deployment_id = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
select address as Address, proxy_port as ProxyPort, generation as Generation from orleans_membership
where deployment_id = @DeploymentId and status = @Status and proxy_port > 0
$q$),
('CleanupDefunctSiloEntriesKey', $q$
delete from orleans_membership where deployment_id = @DeploymentId and i_am_alive_time < @IAmAliveTime and status <> 3
$q$),
('DeleteMembershipTableEntriesKey', $q$
with gone as (delete from orleans_membership where deployment_id = @DeploymentId returning 1)
delete from orleans_membership_version where deployment_id = @DeploymentId
$q$);
