using System.Globalization;
using System.Security.Cryptography;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Server.Tests.Execution;
using Orleans.Workflows.TestKit.Programs;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Server.Tests.HardCases;

/// <summary>Much output, from real agents through a real server process, whose memory is looked at.</summary>
[Collection(Alone.Name)]
public sealed class StreamTests : IDisposable
{
    private const int LineBytes = 1_000;
    private const long Megabyte = 1 << 20;

    /// <summary>What the server may have resident at most, whatever is written: two flushes and their copies on top of a silo.</summary>
    private const long ServerBound = 600 * Megabyte;

    private readonly string _directory = Directory.CreateTempSubdirectory("ow-stream-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary><c>ORLEANS_WORKFLOWS_TEST_OUTPUT_MB</c>; default 300.</summary>
    private static int OutputMegabytes { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("ORLEANS_WORKFLOWS_TEST_OUTPUT_MB"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 300;

    private string GoOn => Path.Combine(_directory, "go-on");

    private string SaidAll => Path.Combine(_directory, "said-all");

    [Fact]
    public async Task A_line_of_3_MB_and_bytes_that_are_no_UTF_8_are_kept_byte_for_byte_and_the_run_ends()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var odd = Path.Combine(server.Directory, "odd");
        byte[] bytes = [.. "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":\""u8, 0xff, 0xfe, 0xc3, 0x28, 0xed, 0xa0, 0x80, 0x00, .. "\"}]}}\n"u8, 0xc3, (byte)'\n', 0x80, 0x0a];
        await File.WriteAllBytesAsync(odd, bytes, Token);
        var program = $$"""cat {{odd}}; head -c 3000000 /dev/zero | tr '\0' x; echo; cat {{odd}}; cat {{odd}} >&2""";
        var plain = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", program] });
        var spoken = await server.StartRunAsync(new() { Agent = "scripted", Message = """{"steps":[{"longLine":3000000},{"text":"after"},{"result":"done"}]}""" });
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(plain.Id)).Status);
        Assert.Equal((RunStatus.Completed, 2), ((await server.EndOfAsync(spoken.Id)).Status, (await server.EndOfAsync(spoken.Id)).Turns));
        byte[] written = [.. bytes, .. Enumerable.Repeat((byte)'x', 3_000_000), (byte)'\n', .. bytes];
        Assert.Equal(SHA256.HashData(written), await HashAsync(server, plain.Id, Ledger.Rows.OutputStream.Stdout));
        Assert.Equal(SHA256.HashData(bytes), await HashAsync(server, plain.Id, Ledger.Rows.OutputStream.Stderr));
    }

    [Fact]
    public async Task Hundreds_of_megabytes_of_one_agent_are_read_in_bounded_memory()
    {
        await using var server = await StartAsync();
        ProcessFacts.ForgetPeak(server.Id);
        var started = TimeProvider.System.GetTimestamp();
        var run = await StartRunAsync(server, OutputMegabytes, waits: true);
        await WaitFor.Condition(() => File.Exists(SaidAll), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        var supervisor = ProcessFacts.PeakBytes(Supervisor(run));
        await File.WriteAllTextAsync(GoOn, "", Token);
        await EndsWithAllAsync(server, run, OutputMegabytes);
        var peak = ProcessFacts.PeakBytes(server.Id);
        Report($"{OutputMegabytes} MB in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s; server {peak / Megabyte} MB, supervisor {supervisor / Megabyte} MB at most");
        Assert.InRange(peak, 1, ServerBound);
        Assert.InRange(supervisor, 1, 64 * Megabyte);
    }

    [Fact]
    public async Task A_reader_that_is_slower_than_its_agent_catches_up_in_bounded_memory()
    {
        const int size = 100;
        await using var server = await StartAsync();
        var ready = Path.Combine(_directory, "ready");
        var run = await StartRunAsync(server, size, waits: false, before: $$"""{"tool":"Bash","input":{},"run":"touch {{ready}}; while [ ! -e {{GoOn}} ]; do sleep 0.02; done"}""");
        await WaitFor.Condition(() => File.Exists(ready), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);

        // It stands still while the agent says all that it has to say.
        await server.SignalAsync("STOP");
        await File.WriteAllTextAsync(GoOn, "", Token);
        await WaitFor.Condition(() => File.Exists(SaidAll), () => run.ToString(), TestTimeouts.Process, cancellationToken: Token);
        ProcessFacts.ForgetPeak(server.Id);
        await server.SignalAsync("CONT");
        await EndsWithAllAsync(server, run, size);
        var peak = ProcessFacts.PeakBytes(server.Id);
        Report($"{size} MB behind; server {peak / Megabyte} MB at most");
        Assert.InRange(peak, 1, ServerBound);
    }

    [Fact]
    public async Task Ten_agents_that_write_at_once_are_read_in_bounded_memory()
    {
        var size = Math.Max(1, OutputMegabytes / 10);
        await using var server = await StartAsync();
        ProcessFacts.ForgetPeak(server.Id);
        var started = TimeProvider.System.GetTimestamp();
        var runs = new List<RunId>();
        for (var i = 0; i < 10; i++)
        {
            runs.Add(await StartRunAsync(server, size, waits: false));
        }

        foreach (var run in runs)
        {
            await EndsWithAllAsync(server, run, size);
        }

        var peak = ProcessFacts.PeakBytes(server.Id);
        Report($"10 times {size} MB in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s; server {peak / Megabyte} MB at most");
        Assert.InRange(peak, 1, ServerBound);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static void Report(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        new Dictionary<string, string> { ["Workflows__StateDirectory"] = Path.Combine(_directory, "state"), ["Workflows__Execution__StopAgentsOnShutdown"] = "true" }, Token);

    private Task<RunId> StartRunAsync(ServerProcess server, int megabytes, bool waits, string? before = null)
    {
        var first = before is null ? "" : before + ",";
        var wait = waits ? $"while [ ! -e {GoOn} ]; do sleep 0.02; done" : ":";
        var lines = megabytes * 1_000_000L / LineBytes;
        return server.StartRunAsync(
            new { agent = "scripted", message = $$"""{"steps":[{"text":"on it"},{{first}}{"lines":{{lines}},"bytes":{{LineBytes}}},{"tool":"Bash","input":{},"run":"touch {{SaidAll}}; {{wait}}"},{"result":"done"}]}""" },
            Token);
    }

    /// <summary>Completed, with every byte of the agent's spool in the ledger.</summary>
    private async Task EndsWithAllAsync(ServerProcess server, RunId run, int megabytes)
    {
        var shown = await server.UntilEndedAsync(run, cancellationToken: Token);
        Assert.True(shown.GetProperty("status").GetString() == "Completed", shown.GetRawText());
        var spool = Path.Combine(_directory, "state", "attempts", $"{run.Value:N}-1", "stdout");
        Assert.InRange(new FileInfo(spool).Length, megabytes * 990_000L, megabytes * 1_010_000L);
        await using var read = File.OpenRead(spool);
        await using var kept = await server.Http.GetStreamAsync(new Uri($"/api/v1/runs/{run}/transcript", UriKind.Relative), Token);
        Assert.Equal(await SHA256.HashDataAsync(read, Token), await SHA256.HashDataAsync(kept, Token));
    }

    private static async Task<byte[]> HashAsync(WorkflowsServer server, RunId run, Ledger.Rows.OutputStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var chunk in server.Ledger.ReadTranscriptAsync(run, 1, stream, 0, Token))
        {
            hash.AppendData(chunk.Bytes.Span);
        }

        return hash.GetHashAndReset();
    }

    private int Supervisor(RunId run) => SupervisorProcess.Find(Path.Combine(_directory, "state"), run)!.Value;
}
