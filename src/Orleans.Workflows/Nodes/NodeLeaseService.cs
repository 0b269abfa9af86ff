using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Nodes;

/// <summary>
/// Keeps this node's row in the ledger: one statement at start, one each quarter of the lease, one at the stop. After a crash
/// the lease runs out by itself.
/// </summary>
internal sealed partial class NodeLeaseService(ILedger ledger, ILocalSiloDetails silo, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<NodeLeaseService> logger)
    : BackgroundService
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan WriteIsFresh = TimeSpan.FromSeconds(5);

    private readonly ExecutionOptions _options = options.Value;
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private long _renewed;
    private volatile bool _isRenewed;
    private volatile bool _isWritten;
    private volatile bool _isOver;

    /// <summary>Whether the ledger shows this node as alive, by this machine's own steady clock.</summary>
    public bool IsHeld => _isRenewed && time.GetElapsedTime(Volatile.Read(ref _renewed)) < _options.NodeLease;

    /// <summary>Whether the ledger takes writes: by the renewal of the last seconds, or else by one now.</summary>
    public async Task<bool> CanWriteAsync(CancellationToken cancellationToken) =>
        (_isWritten && time.GetElapsedTime(Volatile.Read(ref _renewed)) < WriteIsFresh) || await TryRenewAsync(cancellationToken);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryRenewAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        (_isOver, _isRenewed, _isWritten) = (true, false, false);
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
        var begun = time.GetTimestamp();
        try
        {
            await ledger.PutNodeAsync(new(_options.Node, silo.SiloAddress.Endpoint.ToString(), _options.Slots, _startedAt, time.GetUtcNow() + _options.NodeLease), cancellationToken);
            Volatile.Write(ref _renewed, begun);
            (_isRenewed, _isWritten) = (true, true);
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

    [LoggerMessage(LogLevel.Warning, "The ledger could not be told that this node stops; its lease runs out.")]
    private partial void LogFarewell(Exception exception);
}
