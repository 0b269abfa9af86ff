using System.Text;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.HardCases;

/// <summary>The files between an agent and the ledger fill up, or are damaged behind the service's back.</summary>
public sealed class SpoolFaultTests : IDisposable
{
    private const int DiskBytes = 4 << 20;

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-spool-").FullName;
    private readonly string _disk = Directory.CreateTempSubdirectory("ow-disk-").FullName;
    private bool _isMounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Attempts => Path.Combine(_directory, "state", "attempts");

    private string Filler => Path.Combine(Attempts, "filler");

    [Fact]
    public async Task On_a_full_disk_the_agent_waits_and_nothing_is_lost()
    {
        await MountAsync();
        var log = new RecordedLog();
        await using var server = await WorkflowsServer.StartAsync(directory: _directory, log: log);
        await FillAsync(leave: 200_000);
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"on it"},{"lines":1000,"bytes":1000},{"text":"said"},{"result":"done"}]}""" });
        await WaitFor.Condition(() => log.Lines.Any(line => line.Contains("spool is full", StringComparison.Ordinal)), () => run.Id.ToString(), TestTimeouts.Process, cancellationToken: Token);
        Assert.False((await server.Ledger.ReadRunAsync(run.Id, Token))!.Status.IsTerminal());
        File.Delete(Filler);
        var end = await server.EndOfAsync(run.Id);
        Assert.Equal((RunStatus.Completed, 2, 1), (end.Status, end.Turns, end.Attempts));
        Assert.Equal(await File.ReadAllTextAsync(Spool(run.Id), Token), await TranscriptAsync(server, run.Id));
        Assert.False(end.UsageIncomplete);
    }

    [Fact]
    public async Task A_launch_on_a_full_disk_is_tried_again()
    {
        await MountAsync();
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Runs:RecoveryPause"] = "00:00:00.3", ["Runs:MaxRecoveries"] = "100" }, directory: _directory);
        await FillAsync(leave: 0);
        var run = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"text":"on it"},{"result":"done"}]}""" });
        await WaitFor.Value<object>(
            async token => (await server.Ledger.ReadAttemptsAsync(run.Id, token)).Any(attempt => attempt.EndedAt is not null) ? "" : null,
            () => run.Id.ToString(), TestTimeouts.Process, cancellationToken: Token);
        File.Delete(Filler);
        var end = await server.EndOfAsync(run.Id);
        Assert.True(end.Status == RunStatus.Completed && end.Attempts > 1, $"{end.Status} {end.Reason} {end.Attempts}");
    }

    [Theory]
    [InlineData("gone", true)]
    [InlineData("truncated", true)]
    [InlineData("flipped", false)]
    public async Task A_damaged_spool_ends_its_run_and_what_is_missing_is_told(string damage, bool isShorter)
    {
        var (ready, goOn, saidAll) = (InDirectory("ready"), InDirectory("go-on"), InDirectory("said-all"));
        RunId run;
        await using (var first = await ServerProcess.StartAsync(new Dictionary<string, string> { ["Workflows__StateDirectory"] = InDirectory("state") }, Token))
        {
            var texts = string.Join(",", Enumerable.Range(0, 100).Select(number => $$"""{"text":"line {{number}}"}"""));
            var script = $$"""{"steps":[{{texts}},{"tool":"Bash","input":{},"run":"touch {{ready}}; while [ ! -e {{goOn}} ]; do sleep 0.02; done"},{{texts}},{"tool":"Bash","input":{},"run":"touch {{saidAll}}"},{"result":"done"},{"exit":0}]}""";
            run = await first.StartRunAsync(new { agent = "scripted", message = script }, Token);
            await WaitFor.Condition(() => File.Exists(ready), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
            await first.UntilAsync(run, shown => shown.GetProperty("turns") is { ValueKind: System.Text.Json.JsonValueKind.Number } turns && turns.GetInt32() >= 100, cancellationToken: Token);
            await first.KillAsync();
        }

        var before = new FileInfo(Spool(run)).Length;
        if (damage == "gone")
        {
            File.Delete(Spool(run));
        }

        await File.WriteAllTextAsync(goOn, "", Token);
        await WaitFor.Condition(() => File.Exists(saidAll), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        if (damage != "gone")
        {
            await using var spool = new FileStream(Spool(run), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (damage == "truncated")
            {
                spool.SetLength(before / 2);
            }
            else
            {
                spool.Position = before + 1_000;
                await spool.WriteAsync(Enumerable.Repeat((byte)0xff, 5_000).ToArray(), Token);
            }
        }

        await using var second = await WorkflowsServer.StartAsync(directory: _directory);
        var end = await second.EndOfAsync(run);
        Assert.True(end.UsageIncomplete == isShorter, $"{end.Status} {end.Reason}");
        Assert.Equal(isShorter ? RunStatus.Failed : RunStatus.Completed, end.Status);
        Assert.True(end.Turns >= 100, $"{end.Turns} turns");
        TestContext.Current.TestOutputHelper?.WriteLine($"{damage}: {end.Status} {end.Reason}, {end.Attempts} attempts, {end.Turns} turns");
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            using var unmount = System.Diagnostics.Process.Start("umount", ["--lazy", _disk]);
            unmount.WaitForExit();
        }

        Directory.Delete(_disk, recursive: true);
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>The node's attempts on a small disk of their own.</summary>
    private async Task MountAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A disk of its own can't be mounted without root.");
        var result = await RunningProgram.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={DiskBytes},mode=700", "tmpfs", _disk], cancellationToken: Token);
        Assert.SkipUnless(result.ExitCode == 0, $"A disk of its own can't be mounted here: {result}");
        _isMounted = true;
        Directory.CreateDirectory(InDirectory("state"));
        Directory.CreateSymbolicLink(Attempts, _disk);
    }

    private async Task FillAsync(int leave)
    {
        await using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 1 << 16, 1 << 12 })
        {
            try
            {
                while (true)
                {
                    await filler.WriteAsync(new byte[size], Token);
                }
            }
            catch (IOException)
            {
                // It is full for pieces of this size.
            }
        }

        filler.SetLength(filler.Length - leave);
    }

    private static async Task<string> TranscriptAsync(WorkflowsServer server, RunId run)
    {
        var text = new StringBuilder();
        await foreach (var chunk in server.Ledger.ReadTranscriptAsync(run, 1, OutputStream.Stdout, 0, Token))
        {
            text.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
        }

        return text.ToString();
    }

    private string InDirectory(string name) => Path.Combine(_directory, name);

    private string Spool(RunId run) => Path.Combine(Attempts, $"{run.Value:N}-1", "stdout");
}
