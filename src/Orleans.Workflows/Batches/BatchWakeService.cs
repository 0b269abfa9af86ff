using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Batches;

/// <summary>Wakes the open batches once when the silo starts, so that what a crash cut off need not wait for its reminder.</summary>
internal sealed partial class BatchWakeService(ILedger ledger, BatchStore batches, TimeProvider time, ILogger<BatchWakeService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                foreach (var batch in await ledger.ReadOpenBatchesAsync(stoppingToken))
                {
                    await WakeAsync(batch);
                }

                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogScan(exception);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task WakeAsync(Guid batch)
    {
        try
        {
            await batches.Grain(batch).WakeAsync();
        }
        catch (Exception exception)
        {
            LogWake(batch, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The open batches could not be read; it is tried again.")]
    private partial void LogScan(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Batch {Batch} could not be woken; its reminder does it.")]
    private partial void LogWake(Guid batch, Exception exception);
}
