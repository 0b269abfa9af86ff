using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Schedules;

/// <summary>Wakes all schedules once when the silo starts, so that what was due meanwhile need not wait for its reminder.</summary>
internal sealed partial class ScheduleWakeService(ILedger ledger, ScheduleStore schedules, TimeProvider time, ILogger<ScheduleWakeService> logger) : BackgroundService
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await Parallel.ForEachAsync(await ledger.ReadSchedulesAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken }, async (row, _) => await WakeAsync(row.Name));
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogScan(exception);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task WakeAsync(string name)
    {
        try
        {
            await schedules.Grain(name).WakeAsync();
        }
        catch (Exception exception)
        {
            LogWake(name, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The schedules could not be read; it is tried again.")]
    private partial void LogScan(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} could not be woken; its reminder does it.")]
    private partial void LogWake(string schedule, Exception exception);
}
