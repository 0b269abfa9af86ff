using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Reconciling;

/// <summary>
/// Compares this node's processes with the ledger, seldom: whoever was to tell of an end or of a claim may have died first, and
/// a ledger that was restored from a backup knows nothing of what was started since.
/// </summary>
internal sealed partial class ProcessReconcileService(ILedger ledger, Attempts attempts, IOptions<ExecutionOptions> options, TimeProvider time, ILogger<ProcessReconcileService> logger)
    : BackgroundService
{
    /// <summary>What one look showed is looked at again soon, not after a whole period.</summary>
    private static readonly TimeSpan DoubtPeriod = TimeSpan.FromSeconds(5);

    private readonly ExecutionOptions _options = options.Value;
    private readonly ProcessComparison _comparison = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var doubts = _comparison.HasDoubts && DoubtPeriod < _options.ReconcilePeriod;
            await Task.Delay(doubts ? DoubtPeriod : _options.ReconcilePeriod, time, stoppingToken);
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
        // The ledger last: what is claimed during the look is then in it before it is followed.
        var directories = AttemptDirectory.All(_options.StateDirectory);
        var supervised = directories.Where(IsSupervised).Select(Key).ToHashSet();
        var markers = EnvironmentSweep.FindMarkers();
        var marked = directories.Where(directory => markers.Contains(directory.MarkerValue)).Select(Key).ToHashSet();
        var followed = attempts.Followed.ToHashSet();
        var open = (await ledger.ReadOpenAttemptsAsync(cancellationToken)).Where(attempt => attempt.Node == _options.Node).Select(attempt => (attempt.Run, attempt.Number)).ToHashSet();
        foreach (var (difference, isNew) in _comparison.Confirm(new(open, followed, supervised, marked)))
        {
            if (isNew)
            {
                ProcessInstruments.OnRepaired(difference.Repair);
                LogRepair(difference.Repair, difference.Run, difference.Attempt);
            }

            await RepairAsync(difference);
        }

        ProcessInstruments.OnLooked();
    }

    private async Task RepairAsync(ProcessDifference difference)
    {
        if (difference.Repair == ProcessRepair.Stop)
        {
            await attempts.StopAsync(difference.Run, difference.Attempt, Guid.NewGuid(), now: true);
        }
        else
        {
            // The follower finds what there is: an agent to go on with, an end to tell, or what nobody knows any more and is ended.
            attempts.Adopt(difference.Run, difference.Attempt);
        }
    }

    private static (RunId Run, int Attempt) Key(AttemptDirectory directory) => (new(directory.Run), directory.Attempt);

    private static bool IsSupervised(AttemptDirectory directory)
    {
        if (directory.HasEnded)
        {
            return false;
        }

        try
        {
            using var free = directory.TryLock();
            return free is null;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "This node's processes could not be compared with the ledger; it is tried again.")]
    private partial void LogLook(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The processes of run {Run}, attempt {Attempt} differ from the ledger and are put right: {Repair}.")]
    private partial void LogRepair(ProcessRepair repair, RunId run, int attempt);
}
