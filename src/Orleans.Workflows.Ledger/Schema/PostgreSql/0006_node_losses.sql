-- An operator's word that a node's machine is off. It is of one process of that node: when the node comes back, it is history.
create table node_losses (
  node text not null,
  started_at timestamptz not null,
  at timestamptz not null,
  caller text not null,
  reason text not null,
  correlation_id text not null,
  primary key (node, started_at)
);

create trigger node_losses_guard_update before update on node_losses for each row execute function ledger_refuse('append_only');
create trigger node_losses_guard_delete before delete on node_losses for each row execute function ledger_refuse('append_only');
create trigger node_losses_guard_truncate before truncate on node_losses for each statement execute function ledger_refuse('append_only');
