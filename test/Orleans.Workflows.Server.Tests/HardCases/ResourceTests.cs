using System.Globalization;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Server.Tests.Execution;
using Orleans.Workflows.TestKit.Postgres;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.HardCases;

/// <summary>A machine or a database that runs out of something while real agents are to be run.</summary>
[Collection(Alone.Name)]
public sealed class ResourceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Quick = """{"steps":[{"text":"hi"},{"result":"done"}]}""";

    private const int MostRuns = 80;

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-resource-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The server refuses what needs one and goes on, or the .NET runtime gives up ("Out of memory.") where it needed
    /// one for itself: then its next process has to have all that was accepted.</summary>
    [Fact]
    public async Task Without_descriptors_nothing_is_launched_and_with_them_all_that_was_accepted_runs()
    {
        await using var server = await StartProcessAsync();
        await server.UntilStatusAsync(await server.StartRunAsync(new { agent = "scripted", message = Quick }, Token), "Completed", Token);
        await LimitDescriptorsAsync(server.Id, ProcessFacts.OpenDescriptors(server.Id) + 1);

        // More than there are supervisors started ahead of need: some have to be made, and can't. Now and then a descriptor becomes
        // free in time for one, so more are started until one could not be.
        var runs = new List<RunId>();
        try
        {
            do
            {
                for (var i = 0; i < 8; i++)
                {
                    runs.Add(await server.StartRunAsync(new { agent = "scripted", message = Quick }, Token));
                }
            }
            while (!await HasFailedLaunchAsync(server, runs, Token) && runs.Count < MostRuns);

            await WaitFor.Value<object>(
                async token => await HasFailedLaunchAsync(server, runs, token) ? "" : null, () => "no launch failed", TestTimeouts.Process, cancellationToken: Token);
            await LimitDescriptorsAsync(server.Id, 4096);
            await AllCompleteAsync(server, runs);
        }
        catch (HttpRequestException)
        {
            await server.KillAsync();
            await using var next = await StartProcessAsync();
            await AllCompleteAsync(next, runs);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_is_refused_is_tried_again_and_not_for_ever(bool isGrantedLater)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Supervisors of another user, with a process limit of their own, need root.");
        var granted = Path.Combine(_directory, "granted");
        var supervisor = Path.Combine(AppContext.BaseDirectory, "programs", "orleans-workflows-supervisor");
        var wrapper = Path.Combine(_directory, "supervisor");

        // A user of its own each, who may have the two threads of the supervisor: the agent is one too many. The capability is for the files alone.
        await File.WriteAllTextAsync(
            wrapper,
            $"""
            #!/bin/sh
            [ -e {granted} ] && exec {supervisor}
            exec /usr/bin/prlimit --nproc=2:2 /usr/bin/setpriv --reuid $((100000 + $$)) --inh-caps=-all,+dac_override --ambient-caps=-all,+dac_override --bounding-set=-all,+dac_override {supervisor}
            """,
            Token);
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string>
        {
            ["Execution:Supervisor"] = wrapper,
            ["Runs:RecoveryPause"] = "00:00:00.3",
            ["Runs:MaxRecoveries"] = isGrantedLater ? "100" : "2",
        });
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = Quick });
        await WaitFor.Value<object>(
            async token => (await server.Ledger.ReadAttemptsAsync(run.Id, token)).Any(attempt => attempt.EndedAt is not null) ? "" : null,
            () => run.Id.ToString(), TestTimeouts.Process, cancellationToken: Token);
        if (isGrantedLater)
        {
            await File.WriteAllTextAsync(granted, "", Token);
        }

        var end = await server.EndOfAsync(run.Id);
        var attempts = await server.Ledger.ReadAttemptsAsync(run.Id, Token);
        Assert.True(end.Status == (isGrantedLater ? RunStatus.Completed : RunStatus.Failed), $"{end.Status} {end.Reason}");
        Assert.Equal(ReasonCodes.LaunchFailed, attempts[0].Reason!.Code);
        Assert.Contains("Resource temporarily unavailable", attempts[0].Reason!.Text, StringComparison.Ordinal);
        Assert.Null(attempts[0].StartedAt);
        if (!isGrantedLater)
        {
            Assert.Equal((ReasonCodes.LaunchFailed, 3), (end.Reason!.Code, attempts.Count));
        }
    }

    [Fact]
    public async Task An_agent_and_a_supervisor_that_get_a_tenth_of_their_time_are_slow_and_not_stuck()
    {
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string>
        {
            ["Execution:Phases:ModelSilence"] = "00:00:04",
            ["Execution:Phases:FirstOutput"] = "00:00:10",
        });
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"repeat":40,"steps":[{"text":"on it"},{"delayMs":10}]},{"result":"done"}]}""" });
        var supervisor = 0;
        await WaitFor.Condition(() => TryFindSupervisor(server, run.Id, out supervisor), () => run.Id.ToString(), TestTimeouts.Process, cancellationToken: Token);
        var ended = server.EndOfAsync(run.Id);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!ended.IsCompleted && await beat.WaitForNextTickAsync(Token))
        {
            await SignalAsync("CONT", supervisor);
            await SignalAsync("STOP", supervisor);
        }

        await SignalAsync("CONT", supervisor);
        var end = await ended;
        Assert.True((end.Status, end.Attempts, end.Turns) == (RunStatus.Completed, 1, 40), $"{end.Status} {end.Reason} {end.Attempts} {end.Turns}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_pool_of_few_connections_is_waited_for(int connections)
    {
        await using var server = await WorkflowsServer.StartAsync(
            new Dictionary<string, string> { ["Execution:Slots"] = "10" }, connectionString: $"{postgres.ConnectionString};Maximum Pool Size={connections}");
        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => server.StartRunAsync(new() { Agent = "scripted", Message = Quick })));
        var ends = await Task.WhenAll(runs.Select(run => server.EndOfAsync(run.Id)));
        Assert.All(ends, end => Assert.Equal((RunStatus.Completed, 1), (end.Status, end.Attempts)));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task AllCompleteAsync(ServerProcess server, List<RunId> runs)
    {
        Assert.NotEmpty(runs);
        foreach (var run in runs.Append(await server.StartRunAsync(new { agent = "scripted", message = Quick }, Token)))
        {
            await server.UntilStatusAsync(run, "Completed", Token);
        }
    }

    private static async Task<bool> HasFailedLaunchAsync(ServerProcess server, List<RunId> runs, CancellationToken token)
    {
        // One request at a time: more would need connections, for which there are no descriptors either.
        foreach (var run in runs)
        {
            if ((await server.ShowRunAsync(run, token))?.GetProperty("attempts").GetInt32() > 1)
            {
                return true;
            }
        }

        return false;
    }

    private Task<ServerProcess> StartProcessAsync() => ServerProcess.StartAsync(
        new Dictionary<string, string>
        {
            ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"),
            ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
            ["Workflows__Runs__RecoveryPause"] = "00:00:00.5",
            ["Workflows__Runs__MaxRecoveries"] = "100",
        },
        Token);

    private static async Task LimitDescriptorsAsync(int pid, int limit)
    {
        var result = await RunningProgram.RunAsync("prlimit", ["--pid", $"{pid}", string.Create(CultureInfo.InvariantCulture, $"--nofile={limit}:")], cancellationToken: Token);
        Assert.True(result.ExitCode == 0, $"{result}");
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        // Gone at the end.
        using var kill = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"kill -s {signal} {pid} 2>/dev/null || true"]);
        await kill.WaitForExitAsync(Token);
    }

    private static bool TryFindSupervisor(WorkflowsServer server, RunId run, out int pid)
    {
        pid = SupervisorProcess.Find(server.StateDirectory, run) ?? 0;
        return pid > 0;
    }
}
