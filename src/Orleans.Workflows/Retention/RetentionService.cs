using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Retention;

/// <summary>
/// Deletes from the ledger what is past its time. Every silo does it; what one deleted the others do not find. What fails or
/// is interrupted is left for the next time.
/// </summary>
internal sealed partial class RetentionService(ILedger ledger, IMetricsLink metrics, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    private readonly RetentionOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Period, time);
        do
        {
            try
            {
                await DeleteAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        await ledger.DeleteKeysAsync(_options.KeysAtOnce, cancellationToken);
        if (_options.RunsAge is not { } age)
        {
            return;
        }

        // What goes must have been counted; should that fail, it stays until the next time.
        var before = time.GetUtcNow() - age;
        await metrics.CatchUpAsync();
        var all = 0;
        for (var deleted = _options.RunsAtOnce; deleted == _options.RunsAtOnce; all += deleted)
        {
            deleted = await ledger.DeleteRunsAsync(before, _options.RunsAtOnce, cancellationToken);
        }

        await ledger.DeleteBatchesAsync(before, cancellationToken);
        if (all > 0)
        {
            LogDeleted(all, age);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Runs} runs that ended more than {Age} ago were deleted.")]
    private partial void LogDeleted(int runs, TimeSpan age);

    [LoggerMessage(LogLevel.Warning, "What is past its time could not be deleted from the ledger; it is tried again in time.")]
    private partial void LogFailed(Exception exception);
}
