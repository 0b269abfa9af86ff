using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.HardCases;

/// <summary>The wall clock is set while agents work.</summary>
public sealed class ClockTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10)]
    [InlineData(-24 * 60)]
    public async Task An_agent_at_work_lives_and_its_run_completes_when_the_wall_clock_jumps(int minutes)
    {
        var clock = new SetClock();

        // Leases of a second or two: what took them for wall time would end the agent at once.
        await using var server = await WorkflowsServer.StartAsync(
            new Dictionary<string, string> { ["Execution:Lease"] = "00:00:02", ["Execution:NodeLease"] = "00:00:04" },
            services: services => services.AddSingleton<TimeProvider>(clock));
        var (ready, goOn) = (Path.Combine(server.Directory, "ready"), Path.Combine(server.Directory, "go-on"));
        var run = await server.StartRunAsync(new()
        {
            Agent = "scripted",
            Message = $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"touch {{ready}}; while [ ! -e {{goOn}} ]; do sleep 0.02; done; sleep 5"},{"result":"done"}]}""",
        });
        await WaitFor.Condition(() => File.Exists(ready), () => run.Id.ToString(), TestTimeouts.Process, cancellationToken: Token);
        clock.Offset = TimeSpan.FromMinutes(minutes);
        await File.WriteAllTextAsync(goOn, "", Token);
        var end = await server.EndOfAsync(run.Id);
        Assert.True((end.Status, end.Attempts) == (RunStatus.Completed, 1), $"{end.Status} {end.Reason}, {end.Attempts} attempts");

        var next = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"hi"},{"result":"done"}]}""" });
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(next.Id)).Status);
    }

    /// <summary>The machine's time with a wall clock that can be set; its steady clock and its timers are not.</summary>
    private sealed class SetClock : TimeProvider
    {
        private long _offset;

        public TimeSpan Offset
        {
            set => Interlocked.Exchange(ref _offset, value.Ticks);
        }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));
    }
}
