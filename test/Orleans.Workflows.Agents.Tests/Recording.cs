using System.Text.Json;
using Orleans.Workflows.Agents.Framing;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.Tests;

/// <summary>All that came of a stream, in a form that can be compared.</summary>
internal sealed record Recording(string Events, string Progress, string Snapshot, TokenUsage Rows)
{
    /// <summary>Reads a stream in pieces of the given sizes; at the lines in <paramref name="restarts"/> the parser is made anew from its snapshot.</summary>
    public static Recording Of(IAgentAdapter adapter, byte[] bytes, int[] sizes, Func<int, bool>? restarts = null, AgentBaseline? baseline = null)
    {
        baseline ??= AgentBaseline.None;
        var parser = adapter.CreateParser(baseline, []);
        var framer = new LineFramer(adapter.Capabilities.LineLimit);
        var batch = new AgentEventBatch();
        var lines = 0;
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], bytes.Length - at);
            ReadOnlySpan<byte> unread = bytes.AsSpan(at, size);
            while (framer.TryRead(ref unread, out var line))
            {
                parser = Feed(line, parser);
            }

            at += size;
        }

        if (framer.TryFinish(out var last))
        {
            Feed(last, parser);
        }

        var rows = batch.Usage.GroupBy(row => row.MessageId).Select(group => group.Last().Usage).Aggregate(TokenUsage.Unknown, (sum, usage) => sum.Add(usage));
        return new Recording(JsonSerializer.Serialize(batch.Events), JsonSerializer.Serialize(parser.Progress), Convert.ToHexString(parser.Snapshot()), rows);

        IAgentParser Feed(FramedLine line, IAgentParser current)
        {
            if (line.IsSkipped)
            {
                current.Skip(line.Length, batch);
            }
            else
            {
                current.Parse(line.Bytes, batch);
            }

            return restarts?.Invoke(lines++) == true ? adapter.CreateParser(baseline, current.Snapshot()) : current;
        }
    }
}
