using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Hosting;
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
            services: services => services.AddSingleton<TimeProvider>(new ForwardTime(clock)));
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

    [Fact]
    public async Task A_run_s_time_limit_holds_when_the_wall_clock_is_set_back()
    {
        var clock = new SetClock();
        await using var server = await WorkflowsServer.StartAsync(services: services => services.AddSingleton<TimeProvider>(new ForwardTime(clock)));
        var ready = Path.Combine(server.Directory, "ready");
        var run = await server.StartRunAsync(new()
        {
            Agent = "scripted",
            TimeoutSeconds = 5,
            Message = $$"""{"steps":[{"text":"on it"},{"tool":"Bash","input":{},"run":"touch {{ready}}; sleep 600"}]}""",
        });
        await WaitFor.Condition(() => File.Exists(ready), () => run.Id.ToString(), TestTimeouts.Process, cancellationToken: Token);
        clock.Offset = TimeSpan.FromDays(-1);
        var end = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.TimedOut, ReasonCodes.RunTimeout), (end.Status, end.Reason!.Code));
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
