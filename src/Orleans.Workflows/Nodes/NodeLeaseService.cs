using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Nodes;

/// <summary>
/// Keeps this node's row in the ledger: one statement at start, one each quarter of the lease, one at the stop. After a crash
/// the lease runs out by itself.
/// </summary>
internal sealed partial class NodeLeaseService(ILedger ledger, ILocalSiloDetails silo, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<NodeLeaseService> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WriteIsFresh = TimeSpan.FromSeconds(5);

    private readonly ExecutionOptions _options = options.Value;
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private bool _isClaimed;
    private long _writtenAt;
    private volatile bool _isWritten;
    private volatile bool _isOver;

    public NodeLease Lease { get; } = new(options.Value.NodeLease);

    /// <summary>Whether the ledger shows this node as alive now.</summary>
    public bool IsHeld => Lease.IsHeldAt(BootClock.Milliseconds);

    /// <summary>Before anything else of this silo: another one with this node's id would lose its agents to it.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var claim = new NodeClaim(_options.StateDirectory);
        var address = silo.SiloAddress.Endpoint.ToString();
        while (true)
        {
            try
            {
                var row = (await ledger.ReadNodesAsync(cancellationToken)).FirstOrDefault(row => row.Node == _options.Node);
                if (!claim.MayTake(row, address, time.GetUtcNow()))
                {
                    throw new InvalidOperationException(
                        $"The node '{_options.Node}' is alive at {row!.SiloAddress} by the ledger until {row.LeaseUntil:u}. " +
                        "Give this server another Workflows:Execution:Node and a state directory of its own; or, if that server is gone for good, start again after that time.");
                }

                claim.Write(_startedAt, row);
                _isClaimed = true;
                return;
            }
            catch (LedgerUnavailableException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether the ledger takes writes: by the renewal of the last seconds, or else by one now.</summary>
    public async Task<bool> CanWriteAsync(CancellationToken cancellationToken) =>
        (_isWritten && time.GetElapsedTime(Volatile.Read(ref _writtenAt)) < WriteIsFresh) || await TryRenewAsync(cancellationToken);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryRenewAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        (_isOver, _isWritten) = (true, false);
        Lease.GivenUp();
        if (!_isClaimed)
        {
            // The row is another server's.
            return;
        }

        try
        {
            await ledger.PutNodeAsync(new(_options.Node, "", _options.Slots, _startedAt, time.GetUtcNow()), CancellationToken.None).WaitAsync(Farewell, time, cancellationToken);
        }
        catch (Exception exception)
        {
            LogFarewell(exception);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.NodeLease / 4, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TryRenewAsync(stoppingToken);
        }
    }

    /// <summary>False when the ledger could not be told.</summary>
    public async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return false;
        }

        // Before the statement: what the ledger shows must never end earlier than what this node believes.
        var begun = BootClock.Milliseconds;
        try
        {
            if (!await ledger.PutNodeAsync(new(_options.Node, silo.SiloAddress.Endpoint.ToString(), _options.Slots, _startedAt, time.GetUtcNow() + _options.NodeLease), cancellationToken))
            {
                // Its runs go on elsewhere: without a lease its supervisors end what it still has of them.
                _isWritten = false;
                Lease.GivenUp();
                LogDeclaredLost();
                return false;
            }

            Lease.Renewed(begun);
            Volatile.Write(ref _writtenAt, time.GetTimestamp());
            _isWritten = true;
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _isWritten = false;
            LogRenewal(exception);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "This node's lease could not be renewed; it is tried again.")]
    private partial void LogRenewal(Exception exception);

    [LoggerMessage(LogLevel.Critical, "This node was declared lost while it lives: its runs go on elsewhere, and its agents end. Restart this server.")]
    private partial void LogDeclaredLost();

    [LoggerMessage(LogLevel.Warning, "The ledger could not be told that this node stops; its lease runs out.")]
    private partial void LogFarewell(Exception exception);
}
