-- An operator's word that a node's machine is off. It is of one process of that node: when the node comes back, it is history.
create table node_losses (
  node text not null,
  started_at text not null,
  at text not null,
  caller text not null,
  reason text not null,
  correlation_id text not null,
  primary key (node, started_at)
) strict, without rowid;

create trigger node_losses_guard_update before update on node_losses
begin select raise(abort, 'append_only: update on node_losses'); end;

-- REPLACE deletes the row in its way without firing a delete trigger.
create trigger node_losses_guard_replace before insert on node_losses when exists (
  select 1 from node_losses where node = new.node and started_at = new.started_at)
begin select raise(abort, 'node_losses_pkey: the row already stands'); end;

create trigger node_losses_guard_delete before delete on node_losses
begin select raise(abort, 'append_only: delete on node_losses'); end;
