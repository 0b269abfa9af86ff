using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Nodes;

/// <summary>The nodes that ever served this ledger, as it and they themselves tell.</summary>
public sealed class NodeStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ILedger _ledger;
    private readonly INodeLink _link;
    private readonly IGrainFactory _grains;
    private readonly ExecutionOptions _options;
    private readonly TimeProvider _time;

    internal NodeStore(ILedger ledger, INodeLink link, IGrainFactory grains, IOptions<ExecutionOptions> options, TimeProvider time) =>
        (_ledger, _link, _grains, _options, _time) = (ledger, link, grains, options.Value, time);

    /// <summary>By name. A silo that does not answer within 2 s is shown without its version, role and labels.</summary>
    public async Task<IReadOnlyList<NodeInfo>> ListAsync(CancellationToken cancellationToken = default)
    {
        var running = (await _ledger.ReadOpenAttemptsAsync(cancellationToken)).CountBy(attempt => attempt.Node).ToDictionary();
        var rows = await _ledger.ReadNodesAsync(cancellationToken);
        return await Task.WhenAll(rows.Select(row => DescribeAsync(row, running.GetValueOrDefault(row.Node), cancellationToken)));
    }

    /// <summary>
    /// Takes a caller's word that a node's machine is off and will not return: its runs get another attempt elsewhere at once,
    /// not after the adoption window. Refused while anything says that its server lives. A repeat changes nothing more; what a
    /// crash leaves undone, every silo does.
    /// </summary>
    /// <param name="name">Which node.</param>
    /// <param name="reason">Why; it is kept with the word and with each run.</param>
    /// <param name="caller">Whose word it is.</param>
    /// <param name="cancellationToken">Ends the waiting; a word that was kept stands.</param>
    public async Task<NodeLossResult> DeclareLostAsync(string name, string reason, StartContext caller, CancellationToken cancellationToken = default)
    {
        var now = _time.GetUtcNow();
        var row = await FindAsync(name, cancellationToken);
        if (NodeLoss.Refusal(name, row, _link.IsMember(name), _options.Lease is not null, now) is { } failure)
        {
            return new() { Failure = failure };
        }

        await _ledger.DeclareNodeLostAsync(new(name, row!.StartedAt, now, caller.Caller, reason, caller.CorrelationId), cancellationToken);
        row = await FindAsync(name, cancellationToken);
        if (row?.Loss is not { } loss)
        {
            return new() { Failure = Failure.Conflict("node_alive", $"The node '{name}' has just come back.", "See 'workflows nodes'.") };
        }

        var open = (await _ledger.ReadOpenAttemptsAsync(cancellationToken)).Where(attempt => attempt.Node == name).ToArray();
        var taken = (await Task.WhenAll(open.Select(attempt => TryTakeAsync(attempt, loss)))).ToLookup(end => end.IsTaken, end => end.Run);
        return new()
        {
            Node = await DescribeAsync(row, open.Length - taken[true].Count(), cancellationToken),
            Taken = [.. taken[true]],
            Leaked = [.. taken[false]],
            Pending = [.. taken[null]],
        };
    }

    private async Task<NodeRow?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await _ledger.ReadNodesAsync(cancellationToken)).FirstOrDefault(row => row.Node == name);

    private async Task<(RunId Run, bool? IsTaken)> TryTakeAsync(OpenAttemptRow open, NodeLossRow loss)
    {
        try
        {
            return (open.Run, await NodeLoss.TakeAsync(_grains, open, loss));
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException or LedgerUnavailableException)
        {
            return (open.Run, null);
        }
    }

    private async Task<NodeInfo> DescribeAsync(NodeRow row, int running, CancellationToken cancellationToken)
    {
        var hasStopped = row.SiloAddress.Length == 0;
        var status = row.Loss is not null ? NodeStatus.Lost : hasStopped ? NodeStatus.Stopped : row.LeaseUntil > _time.GetUtcNow() ? NodeStatus.Active : NodeStatus.Lost;
        var said = status == NodeStatus.Active ? await AskAsync(row.Node, cancellationToken) : null;
        return new()
        {
            Name = row.Node,
            Status = status,
            Address = hasStopped ? null : row.SiloAddress,
            Slots = row.Slots,
            Running = running,
            Version = said?.Version,
            Role = said?.Role,
            Labels = said?.Labels,
            StartedAt = row.StartedAt,
            LastSeenAt = hasStopped ? row.LeaseUntil : row.LeaseUntil - _options.NodeLease,
            LeaseUntil = row.LeaseUntil,
            Loss = row.Loss is { } loss ? new(loss.At, loss.Caller, loss.Reason) : null,
        };
    }

    private async Task<NodeDescription?> AskAsync(string node, CancellationToken cancellationToken)
    {
        try
        {
            return await _link.DescribeAsync(node).WaitAsync(Patience, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is NodeUnreachableException or TimeoutException or OrleansException)
        {
            return null;
        }
    }
}
