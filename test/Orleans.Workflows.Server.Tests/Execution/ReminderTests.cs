using Microsoft.Data.Sqlite;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>The second net alone: a server process is killed, and the next one has no watcher but Orleans' reminders.</summary>
public sealed class ReminderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-reminder-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_agent_died_with_its_server_is_found_and_goes_on()
    {
        var mark = Path.Combine(_directory, "second");
        var run = await LeaveAsync($$"""{"steps":[{"text":"up"},{"tool":"Bash","input":{},"run":"[ -e {{mark}} ] || { touch {{mark}}; sleep 600; }"},{"result":"done"}]}""", timeout: 600, killsAgent: true);
        await using var server = await ReturnAsync();
        var end = await EndOfAsync(server, run);
        Assert.Equal(RunStatus.Completed, end.Status);
        var attempts = await server.Ledger.ReadAttemptsAsync(run, Token);
        Assert.Equal((2, ReasonCodes.SupervisorLost), (attempts.Count, attempts[0].Reason!.Code));
    }

    [Fact]
    public async Task A_run_beyond_its_time_limit_is_found_and_its_agent_is_ended()
    {
        var run = await LeaveAsync("""{"steps":[{"text":"up"},{"hang":"deaf"}]}""", timeout: 3, killsAgent: false);
        await using var server = await ReturnAsync();
        var end = await EndOfAsync(server, run);
        Assert.Equal((RunStatus.TimedOut, ReasonCodes.RunTimeout), (end.Status, end.Reason!.Code));
        await WaitFor.Condition(() => !Directory.Exists($"/proc/{Supervisor(run)}"), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>Starts a run in a server process, and kills that once the run has its reminder.</summary>
    private async Task<RunId> LeaveAsync(string script, int timeout, bool killsAgent)
    {
        var settings = Settings.ToDictionary(setting => $"Workflows__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting => setting.Value);
        settings["Workflows__StateDirectory"] = Path.Combine(_directory, "state");
        await using var server = await ServerProcess.StartAsync(settings, Token);
        var run = await server.StartRunAsync(new { agent = "scripted", message = script, timeoutSeconds = timeout }, Token);
        await WaitFor.Condition(HasReminder, () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        await server.KillAsync();
        if (killsAgent)
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-KILL", $"{Supervisor(run)}"]);
            await kill.WaitForExitAsync(Token);
        }

        return run;
    }

    private Task<WorkflowsServer> ReturnAsync() => WorkflowsServer.StartAsync(Settings, directory: _directory, off: Watchers.All);

    /// <summary>From the ledger: whoever asked the run's grain would wake it.</summary>
    private static Task<RunRow> EndOfAsync(WorkflowsServer server, RunId run)
    {
        RunRow? seen = null;
        return WaitFor.Value(
            async token => (seen = await server.Ledger.ReadRunAsync(run, token)) is { EndedAt: not null } ended ? ended : null,
            () => $"{seen}",
            TestTimeouts.Process,
            cancellationToken: Token);
    }

    private static Dictionary<string, string> Settings { get; } = new()
    {
        ["Runs:ReminderAfter"] = "00:00:00.1",
        ["Runs:ReminderPeriod"] = "00:00:02",
        ["Runs:CancelGrace"] = "00:00:01",
        ["Execution:InterruptGrace"] = "00:00:00.2",
        ["Execution:InputGrace"] = "00:00:00.2",
        ["Execution:TermGrace"] = "00:00:00.2",
        ["Execution:SupervisorPatience"] = "00:00:02",
    };

    private bool HasReminder()
    {
        var file = Path.Combine(_directory, "state", "orleans.db");
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "select count(*) from orleans_reminders";
        return (long)command.ExecuteScalar()! > 0;
    }

    private int Supervisor(RunId run) => SupervisorProcess.Find(Path.Combine(_directory, "state"), run)!.Value;
}
