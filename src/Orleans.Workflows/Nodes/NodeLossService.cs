using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Nodes;

/// <summary>
/// Gives the runs of nodes that are gone another attempt elsewhere. A node is gone when its lease has not moved for the
/// adoption window by this machine's own steady clock, and this node held its lease all that time: so nobody is taken over
/// because a clock is wrong or the database was away. By then the lost node's supervisors have ended their agents. So it is
/// at once when an operator declared it lost; this service then does what the declaring call left undone.
/// </summary>
internal sealed partial class NodeLossService(ILedger ledger, IGrainFactory grains, NodeLeaseService lease, NodeWatch watch, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<NodeLossService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without leases nothing ends a lost node's agents, and so nobody may take them over.
        if (options.Value.Lease is null)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.NodeLease / 2, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLook(exception);
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!lease.IsHeld)
        {
            watch.Forget();
            return;
        }

        var nodes = await ledger.ReadNodesAsync(cancellationToken);
        var lost = watch.Lost(nodes, options.Value.AdoptionWindow);
        lost.Remove(options.Value.Node);
        var declared = nodes.Where(node => node.Loss is not null).ToDictionary(node => node.Node, node => node.Loss!);
        if (lost.Count + declared.Count == 0)
        {
            return;
        }

        foreach (var open in await ledger.ReadOpenAttemptsAsync(cancellationToken))
        {
            var isTaken = declared.TryGetValue(open.Node, out var loss) ? await NodeLoss.TakeAsync(grains, open, loss)
                : lost.Contains(open.Node) && await grains.GetRunAttempts(open.Run).NodeLostAsync(open.Number, options.Value.AdoptionWindow);
            if (isTaken)
            {
                LogTaken(open.Run, open.Number, open.Node);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The nodes could not be looked at; it is tried again.")]
    private partial void LogLook(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Node {Node} is gone; run {Run} was taken from it, attempt {Attempt} ended as lost.")]
    private partial void LogTaken(RunId run, int attempt, string node);
}
