using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Watching;

/// <summary>Wakes runs whose deadline has passed, whoever forgot them: one indexed statement a period, also at start.</summary>
internal sealed partial class DeadlineScanService(ILedger ledger, IGrainFactory grains, IOptions<WatchingOptions> options, TimeProvider time, ILogger<DeadlineScanService> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ScanPeriod, time);
        do
        {
            try
            {
                await ScanAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogScan(exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ScanAsync(CancellationToken cancellationToken)
    {
        foreach (var due in await ledger.ReadDueAsync(time.GetUtcNow(), options.Value.ScanLimit, cancellationToken))
        {
            try
            {
                await grains.GetRun(due.Run).WakeAsync();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogWake(due.Run, exception);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The deadline scan failed; it is repeated.")]
    private partial void LogScan(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run} is overdue and could not be woken; the next scan tries again.")]
    private partial void LogWake(RunId run, Exception exception);
}
