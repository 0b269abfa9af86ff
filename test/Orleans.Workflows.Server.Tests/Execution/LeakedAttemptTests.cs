using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Agents whose processes belong to a user that neither the supervisor nor anybody else of the service may signal.</summary>
public sealed class LeakedAttemptTests : IDisposable
{
    /// <summary>Longer than a supervisor takes until it says what lives on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-leak-").FullName;
    private readonly RecordedLog _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Leaked => int.Parse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture);

    private string PidFile => Path.Combine(_directory, "pid");

    [Fact]
    public async Task A_leaked_attempt_keeps_its_slot_and_its_supervisor_until_its_processes_are_gone()
    {
        var leaks = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, heard) =>
        {
            if (instrument.Name == "workflows.attempts.leaks")
            {
                heard.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref leaks, value));
        listener.Start();
        await using var server = await StartAsync();
        var (run, supervisor) = await LeakAsync(server);

        // Long enough for the patience with a supervisor that does not obey, and for more kills.
        await WaitFor.Condition(() => TimeProvider.System.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(Attempt(server, run, "lingering")) > Patience, () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        await server.Grains.GetGrain<IWorkflowGrain>(run.Value).TerminateAsync(Command());
        Assert.True(Lives(supervisor), "The supervisor was killed.");
        Assert.True(await AttemptAsync(server, run) is { EndedAt: null, Leaked: true });
        Assert.InRange(_log.Lines.Count(line => line.Contains("live on after SIGKILL", StringComparison.Ordinal)), 1, 3);

        Assert.Equal(1, Interlocked.Read(ref leaks));
        Assert.Single(_log.Lines, line => line.Contains("is leaked and keeps its slot", StringComparison.Ordinal));
        await KillAsync(Leaked);
        var end = await server.EndOfAsync(run);
        Assert.Equal(RunStatus.Terminated, end.Status);
        Assert.Equal(9, (await AttemptAsync(server, run)).Signal);
    }

    [Fact]
    public async Task A_leaked_attempt_that_has_lost_its_supervisor_stays_open_until_it_is_released_and_then_its_slot_is_free()
    {
        await using var server = await StartAsync();
        var (run, supervisor) = await LeakAsync(server);
        await KillAsync(supervisor);
        await WaitFor.Condition(() => _log.Lines.Any(line => line.Contains("has lost its supervisor", StringComparison.Ordinal)), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        Assert.True(await AttemptAsync(server, run) is { EndedAt: null, Leaked: true });
        await ReleaseAsync(server, run);
        await OtherCompletesAsync(server);
    }

    [Fact]
    public async Task A_released_attempt_gives_its_slot_back_while_its_supervisor_goes_on()
    {
        await using var server = await StartAsync();
        var (run, supervisor) = await LeakAsync(server);
        await ReleaseAsync(server, run);
        await OtherCompletesAsync(server);
        Assert.True(Lives(supervisor), "The supervisor was killed.");
        await KillAsync(Leaked);
        await WaitFor.Condition(() => !Lives(supervisor), () => "The supervisor has not ended.", TestTimeouts.Process, cancellationToken: Token);
    }

    public void Dispose()
    {
        if (File.Exists(PidFile) && new FileInfo(PidFile).Length > 0 && Lives(Leaked))
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-KILL", Leaked.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task<WorkflowsServer> StartAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Without root there is no other user's process.");
        var program = Path.Combine(_directory, "supervisor");
        await File.WriteAllTextAsync(
            program,
            $"""
            #!/bin/sh
            exec setpriv --inh-caps=-kill --bounding-set=-kill {Path.Combine(AppContext.BaseDirectory, "programs", "orleans-workflows-supervisor")} "$@"
            """,
            Token);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await WorkflowsServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Execution:Slots"] = "1",
                ["Execution:Supervisor"] = program,
                ["Execution:SupervisorPatience"] = Patience.ToString(),
                ["Execution:StopAgentsOnShutdown"] = "false",
                ["Execution:TermGrace"] = "00:00:00.5",
                ["Runs:KillGrace"] = "00:00:01",
                ["Watching:ScanPeriod"] = "00:00:01",
            },
            directory: Path.Combine(_directory, "server"),
            log: _log);
    }

    /// <summary>Its environment is as empty as that of another user's process looks.</summary>
    private async Task<(RunId Run, int Supervisor)> LeakAsync(WorkflowsServer server)
    {
        var script = $"env -i setsid setpriv --reuid=65534 --clear-groups sh -c 'echo $$ >&3; exec sleep 600 3>&-' 3>{PidFile} & exec sleep 600";
        var run = (await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", script] })).Id;
        await WaitFor.Condition(() => File.Exists(PidFile) && File.ReadAllText(PidFile).EndsWith('\n'), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        await server.Grains.GetGrain<IWorkflowGrain>(run.Value).TerminateAsync(Command());
        await WaitFor.Value<object>(async _ => (await AttemptAsync(server, run)).Leaked ? "" : null, () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        return (run, SupervisorProcess.Find(server.StateDirectory, run)!.Value);
    }

    private static string Attempt(WorkflowsServer server, RunId run, string file) => Path.Combine(server.StateDirectory, "attempts", $"{run.Value:N}-1", file);

    private static async Task<AttemptRow> AttemptAsync(WorkflowsServer server, RunId run) => Assert.Single(await server.Ledger.ReadAttemptsAsync(run, Token));

    private static RunCommand Command() => new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "test" };

    private static async Task ReleaseAsync(WorkflowsServer server, RunId run)
    {
        Assert.Null((await server.Grains.GetGrain<IWorkflowGrain>(run.Value).ReleaseAsync(Command())).Failure);
        Assert.Equal(RunStatus.Terminated, (await server.EndOfAsync(run)).Status);
    }

    private static async Task OtherCompletesAsync(WorkflowsServer server)
    {
        var other = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", "echo done"] });
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(other.Id)).Status);
    }

    /// <summary>A zombie is none.</summary>
    private static bool Lives(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task KillAsync(int pid)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-KILL", pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Token);
    }
}
