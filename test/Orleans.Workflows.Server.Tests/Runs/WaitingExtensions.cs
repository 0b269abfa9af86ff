using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Runs;

internal static class WaitingExtensions
{
    /// <summary>Waits for the run's events until it is as wanted.</summary>
    public static async Task<RunInfo> WaitForAsync(this IWorkflowGrain grain, Func<RunInfo, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TestTimeouts.Process);
        var info = await grain.GetAsync();
        while (info is null || !isSo(info))
        {
            if (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"{info?.Status} {info?.Reason}, phase {info?.Phase}, event {info?.LastEventSeq}, waits for {info?.WaitsFor}");
            }

            info = await grain.WaitAsync(info?.LastEventSeq ?? 0, untilEnded: false, TimeSpan.FromSeconds(5));
        }

        return info;
    }
}
