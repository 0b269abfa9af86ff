using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Nodes;

/// <summary>
/// Renews the leases of the supervisors that this silo follows, while the node's own lease holds. A supervisor that is not
/// renewed ends its agent by itself.
/// </summary>
internal sealed partial class SupervisorLeaseService(Attempts attempts, NodeLeaseService node, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<SupervisorLeaseService> logger)
    : BackgroundService, IHostedLifecycleService
{
    /// <summary>Before the silo joins: that may take longer than a lease that its predecessor left nearly over.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Lease is { } lease && await node.TryRenewAsync(cancellationToken) && Until(lease) is { } until)
        {
            LogRenewed(SupervisorRenewal.RenewAll(options.Value.StateDirectory, until));
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Lease is not { } lease)
        {
            return;
        }

        using var timer = new PeriodicTimer(lease / 4, time);
        do
        {
            if (Until(lease) is { } until)
            {
                await attempts.RenewAsync(until);
            }
            else
            {
                LogNotHeld();
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>
    /// The end of a lease that begins at the moment for which the node's own was asked: however long this process then stands
    /// still, supervisors go on no longer than others wait. Null while the node's is not held.
    /// </summary>
    private long? Until(TimeSpan lease)
    {
        var now = BootClock.Milliseconds;
        return node.Lease.IsHeldAt(now) ? now + (long)lease.TotalMilliseconds : null;
    }

    [LoggerMessage(LogLevel.Information, "{Count} supervisors of an earlier process of this node were renewed.")]
    private partial void LogRenewed(int count);

    [LoggerMessage(LogLevel.Warning, "This node's lease has run out; its supervisors are not renewed and will end their agents.")]
    private partial void LogNotHeld();
}
