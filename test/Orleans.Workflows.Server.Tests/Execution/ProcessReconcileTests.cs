using System.Diagnostics.Metrics;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.Execution;

/// <summary>Processes that differ from the ledger, and a server that compares them; its meter tells what it put right.</summary>
[Collection(Alone.Name)]
public sealed class ProcessReconcileTests : IDisposable
{
    private const string Marker = "ORLEANS_WORKFLOWS_RUN";

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-reconcile-").FullName;
    private readonly MeterListener _listener = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _repairs = [];
    private long _looks;

    public ProcessReconcileTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name is "workflows.processes.looks" or "workflows.processes.repairs")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Name == "workflows.processes.looks")
            {
                Interlocked.Add(ref _looks, value);
                return;
            }

            lock (_lock)
            {
                var repair = (string)tags[0].Value!;
                _repairs[repair] = _repairs.GetValueOrDefault(repair) + value;
            }
        });
        _listener.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Dictionary<string, long> Repairs
    {
        get
        {
            lock (_lock)
            {
                return new(_repairs);
            }
        }
    }

    [Fact]
    public async Task A_supervisor_whose_attempt_was_ended_elsewhere_is_ended()
    {
        await using var server = await StartAsync();
        var run = (await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"up"},{"hang":"deaf"}]}""" })).Id;
        var row = await WaitFor.Value(
            async token => await server.Ledger.ReadRunAsync(run, token) is { Status: RunStatus.Running } running ? running : null,
            () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        var supervisor = Supervisor(run);

        // As a node would that took the run over, or a ledger that is older than the attempt.
        var reason = new Reason(ReasonCodes.NodeLost, "It was ended elsewhere.");
        var attempt = Assert.Single(await server.Ledger.ReadAttemptsAsync(run, Token));
        var now = TimeProvider.System.GetUtcNow();
        var ended = await server.Ledger.AppendAsync(
            new()
            {
                Run = row with { Version = row.Version + 1, Status = RunStatus.Failed, Reason = reason, NextDeadline = null, WaitsFor = null, OpenAttempt = null, EndedAt = now },
                Attempt = attempt with { EndedAt = now, Reason = reason },
            },
            Token);
        Assert.True(ended.IsCommitted, ended.Error);
        await WaitFor.Condition(() => !Directory.Exists($"/proc/{supervisor}"), Describe, TestTimeouts.Process, cancellationToken: Token);
        Assert.Equal(new() { ["ended"] = 1 }, Repairs);
        Assert.Equal(RunStatus.Failed, (await server.Ledger.ReadRunAsync(run, Token))!.Status);
    }

    [Fact]
    public async Task A_supervisor_that_a_restored_ledger_does_not_know_is_ended()
    {
        var backup = Path.Combine(_directory, "backup.db");
        var ledger = Path.Combine(_directory, "state", "ledger.db");
        await using (await StartProcessAsync())
        {
        }

        File.Copy(ledger, backup);
        RunId run;
        await using (var first = await StartProcessAsync())
        {
            run = (await StartHangingAsync(first, 1)).Single();
            await first.KillAsync();
        }

        File.Delete(ledger + "-wal");
        File.Delete(ledger + "-shm");
        File.Copy(backup, ledger, overwrite: true);
        await using var server = await StartAsync(Watchers.Adoption);
        await WaitFor.Condition(() => !Directory.Exists($"/proc/{Supervisor(run)}"), Describe, TestTimeouts.Process, cancellationToken: Token);
        Assert.Equal(new() { ["ended"] = 1 }, Repairs);
    }

    [Fact]
    public async Task An_open_attempt_that_nobody_follows_is_adopted()
    {
        var goOn = Path.Combine(_directory, "go-on");
        RunId run;
        await using (var first = await StartProcessAsync())
        {
            run = await StartRunAsync(first, $$"""{"steps":[{"text":"up"},{"tool":"Bash","input":{},"run":"while [ ! -e {{goOn}} ]; do sleep 0.05; done"},{"result":"done"}]}""");
            await StartedAsync(first, [run]);
            await first.KillAsync();
        }

        await using var server = await StartAsync(Watchers.All & ~Watchers.Reconciler);
        await WaitFor.Condition(() => Repairs.Count > 0, Describe, TestTimeouts.Process, cancellationToken: Token);
        await File.WriteAllTextAsync(goOn, "", Token);
        Assert.Equal((RunStatus.Completed, 1), ((await server.EndOfAsync(run)).Status, (await server.EndOfAsync(run)).Attempts));
        Assert.Equal(new() { ["adopted"] = 1 }, Repairs);
    }

    [Fact]
    public async Task Processes_that_outlived_their_attempt_are_swept()
    {
        await using var server = await StartAsync();
        var run = (await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"up"},{"result":"done"}]}""" })).Id;
        await server.EndOfAsync(run);
        var start = new System.Diagnostics.ProcessStartInfo("sleep", ["600"]) { Environment = { [Marker] = $"{run.Value:N}/1" } };
        using var left = System.Diagnostics.Process.Start(start)!;
        using var other = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sleep", ["600"]) { Environment = { [Marker] = $"{Guid.NewGuid():N}/1" } })!;
        try
        {
            await left.WaitForExitAsync(Token).WaitAsync(TestTimeouts.Process, Token);
            Assert.Equal(new() { ["swept"] = 1 }, Repairs);

            // Another node's, for all that this one knows.
            Assert.False(other.HasExited);
        }
        finally
        {
            left.Kill();
            other.Kill();
        }
    }

    [Fact]
    public async Task Kills_and_restarts_of_the_server_need_no_repair()
    {
        RunId[] runs;
        await using (var first = await StartProcessAsync())
        {
            runs = await StartHangingAsync(first, 5);
            await first.KillAsync();
        }

        await using (var second = await StartProcessAsync())
        {
            runs = [.. runs, .. await StartHangingAsync(second, 2)];
            await second.KillAsync();
        }

        var log = new RecordedLog();
        await using var third = await StartAsync(log: log);
        var before = Interlocked.Read(ref _looks);
        await WaitFor.Condition(() => Interlocked.Read(ref _looks) >= before + 3, Describe, TestTimeouts.Process, cancellationToken: Token);
        foreach (var run in runs)
        {
            await third.Grains.GetGrain<IWorkflowGrain>(run.Value).TerminateAsync(new() { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "test" });
            Assert.Equal((RunStatus.Terminated, 1), ((await third.EndOfAsync(run)).Status, (await third.EndOfAsync(run)).Attempts));
        }

        before = Interlocked.Read(ref _looks);
        await WaitFor.Condition(() => Interlocked.Read(ref _looks) >= before + 3, Describe, TestTimeouts.Process, cancellationToken: Token);
        Assert.Empty(Repairs);
        Assert.DoesNotContain(log.Lines, line => line.Contains("put right", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _listener.Dispose();
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private Task<WorkflowsServer> StartAsync(Watchers off = Watchers.None, RecordedLog? log = null) =>
        WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Execution:ReconcilePeriod"] = "00:00:00.5" }, directory: _directory, off: off, log: log);

    private Task<ServerProcess> StartProcessAsync() => ServerProcess.StartAsync(
        new Dictionary<string, string> { ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"), ["Workflows__Execution__ReconcilePeriod"] = "00:00:00.5" }, Token);

    private static async Task<RunId[]> StartHangingAsync(ServerProcess server, int count)
    {
        var runs = new RunId[count];
        for (var i = 0; i < count; i++)
        {
            runs[i] = await StartRunAsync(server, """{"steps":[{"text":"up"},{"hang":"deaf"}]}""");
        }

        await StartedAsync(server, runs);
        return runs;
    }

    private static Task<RunId> StartRunAsync(ServerProcess server, string script) => server.StartRunAsync(new { agent = "scripted", message = script }, Token);

    private static async Task StartedAsync(ServerProcess server, RunId[] runs)
    {
        foreach (var run in runs)
        {
            await server.UntilStatusAsync(run, "Running", Token);
        }
    }

    private int Supervisor(RunId run) => SupervisorProcess.Find(Path.Combine(_directory, "state"), run)!.Value;

    private string Describe() => $"{Interlocked.Read(ref _looks)} looks, repairs: {string.Join(", ", Repairs)}";
}
