using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Admission;

/// <summary>Queue time limits by the due times alone: no deadline scan comes in the time of these tests.</summary>
public sealed class QueueTimeLimitTests
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_run_that_waits_longer_than_its_queue_time_limit_expires_within_two_seconds()
    {
        await using var server = await StartAsync();
        var admission = server.Grains.GetGrain<IAdmissionGrain>(0);
        await admission.SetLimitAsync("closed", 0);
        var runs = await Task.WhenAll(Enumerable.Range(1, 3).Select(seconds =>
            server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"], Queue = "closed", QueueTimeoutSeconds = seconds })));
        foreach (var run in runs)
        {
            var end = await server.EndOfAsync(run.Id);
            Assert.Equal((RunStatus.Expired, ReasonCodes.QueueTimeout), (end.Status, end.Reason!.Code));
            Assert.InRange(end.EndedAt!.Value - run.Deadline!.Value, TimeSpan.Zero, Late);
        }

        // Told a moment later.
        await WaitFor.Value<object>(
            async _ => (await admission.GetQueuesAsync()).Single(queue => queue.Name == "closed") is { Waiting: 0 } empty ? empty : null,
            () => "ended runs wait in the queue",
            cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Many_that_expire_at_once_do_so_while_the_queues_are_served()
    {
        const int Many = 1_500;
        await using var server = await StartAsync();
        var admission = server.Grains.GetGrain<IAdmissionGrain>(0);
        await admission.SetLimitAsync("closed", 0);
        var runs = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ =>
            server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"], Queue = "closed", QueueTimeoutSeconds = 8 })));
        var ends = Task.WhenAll(runs.Select(run => server.EndOfAsync(run.Id)));
        while (!ends.IsCompleted)
        {
            // A run of another queue, again and again while they expire.
            var other = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/true"] });
            Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(other.Id, TimeSpan.FromSeconds(10))).Status);
        }

        Assert.All(await ends, end => Assert.Equal(RunStatus.Expired, end.Status));
    }

    private static Task<WorkflowsServer> StartAsync() => WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Watching:ScanPeriod"] = "01:00:00" }, checkWire: false);
}
