using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Nodes;

/// <summary>The nodes that ever served this ledger, as it and they themselves tell.</summary>
public sealed class NodeStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ILedger _ledger;
    private readonly INodeLink _link;
    private readonly ExecutionOptions _options;
    private readonly TimeProvider _time;

    internal NodeStore(ILedger ledger, INodeLink link, IOptions<ExecutionOptions> options, TimeProvider time) =>
        (_ledger, _link, _options, _time) = (ledger, link, options.Value, time);

    /// <summary>By name. A silo that does not answer within 2 s is shown without its version.</summary>
    public async Task<IReadOnlyList<NodeInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var running = (await _ledger.ReadOpenAttemptsAsync(cancellationToken)).CountBy(attempt => attempt.Node).ToDictionary();
        var rows = await _ledger.ReadNodesAsync(cancellationToken);
        return await Task.WhenAll(rows.Select(row => DescribeAsync(row, running.GetValueOrDefault(row.Node), cancellationToken)));
    }

    private async Task<NodeInfo> DescribeAsync(NodeRow row, int running, CancellationToken cancellationToken)
    {
        var hasStopped = row.SiloAddress.Length == 0;
        var status = hasStopped ? NodeStatus.Stopped : row.LeaseUntil > _time.GetUtcNow() ? NodeStatus.Active : NodeStatus.Lost;
        return new()
        {
            Name = row.Node,
            Status = status,
            Address = hasStopped ? null : row.SiloAddress,
            Slots = row.Slots,
            Running = running,
            Version = status == NodeStatus.Active ? await VersionAsync(row.Node, cancellationToken) : null,
            StartedAt = row.StartedAt,
            LastSeenAt = hasStopped ? row.LeaseUntil : row.LeaseUntil - _options.NodeLease,
            LeaseUntil = row.LeaseUntil,
        };
    }

    private async Task<string?> VersionAsync(string node, CancellationToken cancellationToken)
    {
        try
        {
            return await _link.VersionAsync(node).WaitAsync(Patience, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is NodeUnreachableException or TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
