using System.Diagnostics;
using System.Text;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Agents.Framing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Benchmarks;

/// <summary>
/// 200,000 lines of stream-json from one agent, as a claude with partial messages prints them: 17 deltas, a text, a tool
/// call and its result a turn. Floor: a bare parse of the same bytes.
/// </summary>
internal static class StreamBench
{
    private const int LinesPerTurn = 20;

    public static async Task<int> RunAsync(string database, BenchOptions options)
    {
        var lines = options.Runs ?? 200_000;
        var directory = Directory.CreateTempSubdirectory("ow-stream-").FullName;
        var file = Path.Combine(directory, "stream.jsonl");
        var player = Path.Combine(directory, "player");
        await File.WriteAllTextAsync(file, Write(lines));
        await File.WriteAllTextAsync(player, $"#!/bin/sh\nexec cat '{file}'\n");
        File.SetUnixFileMode(player, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            await using var server = await BenchServer.StartAsync(database, 1, options, ("Agents:Binaries:scripted", player));
            var (rates, floors, ratios, cpu) = (new List<double>(), new List<double>(), new List<double>(), 0.0);
            for (var trial = -options.WarmUps; trial < options.Trials; trial++)
            {
                var own = Costs.Own;
                var run = await server.StartRunAsync(new() { Agent = "scripted", Message = "play" });
                var info = await server.EndOfAsync(run.Id);
                cpu = Costs.Own - own;
                if (info.Status != RunStatus.Completed || info.Turns != lines / LinesPerTurn)
                {
                    throw new InvalidOperationException($"{info.Status} {info.Reason} {info.Turns}");
                }

                var floor = lines / Floor(file).TotalSeconds;
                if (trial >= 0)
                {
                    rates.Add(lines / (info.EndedAt!.Value - info.StartedAt!.Value).TotalSeconds);
                    floors.Add(floor);
                    ratios.Add(rates[^1] / floor);
                }
            }

            new Measurement
            {
                Bench = "stream",
                Database = database,
                Runs = lines,
                Trials = options.Trials,
                PerSecond = Statistics.Median(rates),
                FloorPerSecond = Statistics.Median(floors),
                RatioToFloor = Statistics.Median(ratios),
                CpuSeconds = cpu,
                PeakRssMb = Costs.PeakRssMb,
            }.Print();
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static TimeSpan Floor(string file)
    {
        var watch = Stopwatch.StartNew();
        var parser = AgentCatalog.Shipped().Find("scripted")!.CreateParser(AgentBaseline.None, [], new Dictionary<string, string>());
        var framer = new LineFramer(16 * 1024 * 1024);
        var batch = new AgentEventBatch();
        using var stream = File.OpenRead(file);
        var buffer = new byte[256 * 1024];
        for (var count = stream.Read(buffer); count > 0; count = stream.Read(buffer))
        {
            ReadOnlySpan<byte> unread = buffer.AsSpan(0, count);
            while (framer.TryRead(ref unread, out var line))
            {
                parser.Parse(line.Bytes, batch);
            }

            batch.Clear();
        }

        return watch.Elapsed;
    }

    private static string Write(int lines)
    {
        var turns = lines / LinesPerTurn;
        var text = new StringBuilder(Init).Append('\n');
        for (var turn = 0; turn < turns; turn++)
        {
            var number = $"{turn}";
            for (var delta = 0; delta < LinesPerTurn - 3; delta++)
            {
                text.Append(Delta.Replace("#", number, StringComparison.Ordinal)).Append('\n');
            }

            text.Append(Text.Replace("#", number, StringComparison.Ordinal)).Append('\n')
                .Append(Tool.Replace("#", number, StringComparison.Ordinal)).Append('\n')
                .Append(ToolResult.Replace("#", number, StringComparison.Ordinal)).Append('\n');
        }

        return text.Append(Result.Replace("#", $"{turns}", StringComparison.Ordinal)).Append('\n').ToString();
    }

    // Where a turn's number goes, there is a #.
    private const string Init = """{"type":"system","subtype":"init","cwd":"/w","session_id":"0198c0de-0000-7000-8000-000000000000","tools":["Bash"],"model":"claude-opus-5-5","claude_code_version":"2.1.330"}""";
    private const string Delta = """{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"some words of turn # "}},"session_id":"0198c0de-0000-7000-8000-000000000000","parent_tool_use_id":null,"uuid":"4d5e1f9f-133c-4f76-85e4-cdac2056552c"}""";
    private const string Text = """{"type":"assistant","message":{"id":"msg_#","type":"message","role":"assistant","model":"claude-opus-5-5","content":[{"type":"text","text":"some words of turn # and what comes next"}],"stop_reason":null,"usage":{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}},"parent_tool_use_id":null,"session_id":"0198c0de-0000-7000-8000-000000000000"}""";
    private const string Tool = """{"type":"assistant","message":{"id":"msg_#","type":"message","role":"assistant","model":"claude-opus-5-5","content":[{"type":"tool_use","id":"toolu_#","name":"Bash","input":{"command":"ls -la","description":"List"}}],"stop_reason":null,"usage":{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":1}},"parent_tool_use_id":null,"session_id":"0198c0de-0000-7000-8000-000000000000"}""";
    private const string ToolResult = """{"type":"user","message":{"role":"user","content":[{"tool_use_id":"toolu_#","type":"tool_result","content":"total 0","is_error":false}]},"parent_tool_use_id":null,"session_id":"0198c0de-0000-7000-8000-000000000000"}""";
    private const string Result = """{"duration_api_ms":126,"is_error":false,"num_turns":#,"subtype":"success","result":"done","total_cost_usd":0.5,"terminal_reason":"completed","permission_denials":[],"session_id":"0198c0de-0000-7000-8000-000000000000","type":"result"}""";
}
