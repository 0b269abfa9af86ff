using Orleans.Workflows.Agents.Claude;
using Orleans.Workflows.Agents.Command;
using Orleans.Workflows.Agents.Framing;
using Orleans.Workflows.Agents.Scripted;
using Orleans.Workflows.Agents.StreamJson;

namespace Orleans.Workflows.Agents.Replay;

/// <summary>Reads a recorded agent stream through the same framing, parser and judgement as a live one.</summary>
public static class StreamReplay
{
    /// <summary>Replays <paramref name="stream"/> to its end.</summary>
    /// <param name="stream">What the agent printed on stdout.</param>
    /// <param name="adapter">Whose stream it is; <see cref="Guess"/> tells where nobody says.</param>
    /// <param name="exitCode">The recorded exit code; <c>-9</c> for an end by signal 9; null when it is not known.</param>
    /// <param name="at">The moment to judge by, for delays before a retry.</param>
    public static ReplayResult Run(Stream stream, IAgentAdapter adapter, int? exitCode, DateTimeOffset at)
    {
        var parser = adapter.CreateParser(AgentBaseline.None, []);
        Read(stream, adapter.Capabilities.LineLimit, parser);
        var outcome = adapter.Classify(new AttemptEvidence
        {
            Parser = parser,
            ExitCode = exitCode is >= 0 ? exitCode : null,
            Signal = exitCode is < 0 ? -exitCode : null,
            At = at,
        });
        var progress = parser.Progress;
        return new ReplayResult
        {
            Agent = adapter.Name,
            Status = outcome.Status.ToString(),
            Reason = outcome.Reason.Code,
            ReasonText = outcome.Reason.Text,
            Turns = progress.Turns,
            ToolCalls = progress.ToolCalls,
            InputTokens = progress.Usage.InputTokens,
            OutputTokens = progress.Usage.OutputTokens,
            CacheReadTokens = progress.Usage.CacheReadTokens,
            CacheCreationTokens = progress.Usage.CacheCreationTokens,
            CostUsd = progress.Usage.CostUsd,
            SessionId = progress.SessionId,
            PermissionDenials = outcome.PermissionDenials,
        };
    }

    /// <summary>The name of the agent that printed a stream, from its first bytes (64 KB are enough).</summary>
    public static string Guess(ReadOnlySpan<byte> head)
    {
        var framer = new LineFramer(head.Length);
        var batch = new AgentEventBatch();
        while (framer.TryRead(ref head, out var line) || framer.TryFinish(out line))
        {
            var parser = new StreamJsonParser(AgentBaseline.None, []);
            parser.Parse(line.Bytes, batch);
            if (parser.State.HasInit || parser.State.HasMessages || parser.State.Results > 0)
            {
                return line.Bytes.IndexOf("\"agent\":\"scripted\""u8) >= 0 ? ScriptedAdapter.AgentName : ClaudeAdapter.AgentName;
            }
        }

        return CommandAdapter.AgentName;
    }

    private static void Read(Stream stream, int lineLimit, IAgentParser parser)
    {
        var framer = new LineFramer(lineLimit);
        var batch = new AgentEventBatch();
        var buffer = new byte[64 * 1024];
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            ReadOnlySpan<byte> unread = buffer.AsSpan(0, count);
            while (framer.TryRead(ref unread, out var line))
            {
                Feed(parser, line, batch);
            }

            batch.Clear();
        }

        if (framer.TryFinish(out var last))
        {
            Feed(parser, last, batch);
        }
    }

    private static void Feed(IAgentParser parser, FramedLine line, AgentEventBatch batch)
    {
        if (line.IsSkipped)
        {
            parser.Skip(line.Length, batch);
        }
        else
        {
            parser.Parse(line.Bytes, batch);
        }
    }
}
