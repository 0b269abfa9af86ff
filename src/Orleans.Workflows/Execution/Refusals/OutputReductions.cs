using System.Text.Json;
using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Execution.Refusals;

/// <summary>
/// What is left of one line that the ledger refuses, the most first: without the one event of it that is refused, without
/// all, without its usage, without its bytes, and at last as if it had never been said. Each says so in an event of its own.
/// </summary>
internal static class OutputReductions
{
    /// <summary>So many events of one line are tried one by one.</summary>
    private const int EventsOneByOne = 16;

    private const int ReasonLimit = 500;

    /// <param name="refused">One line of stdout, or a piece of stderr.</param>
    /// <param name="events">Its events.</param>
    /// <param name="before">What the ledger has of the attempt's progress and parser, with which it goes on if nothing of the line can be kept.</param>
    /// <param name="reason">What the database said.</param>
    public static IEnumerable<AttemptOutput> Of(AttemptOutput refused, IReadOnlyList<AgentEvent> events, (AgentProgress Progress, byte[] Snapshot) before, string reason)
    {
        if (events.Count is > 1 and <= EventsOneByOne)
        {
            for (var i = 0; i < events.Count; i++)
            {
                yield return With(refused, [.. events.Take(i), .. events.Skip(i + 1)], "event", reason);
            }
        }

        if (events.Count > 0)
        {
            yield return With(refused, [], "events", reason);
        }

        if (refused.Usage.Count > 0)
        {
            yield return With(refused, events, "usage", reason) with { Usage = [], UsageLost = true };
        }

        var bare = refused with { Usage = [], UsageLost = refused.Usage.Count > 0 };
        if (refused.Usage.Count > 0 && events.Count > 0)
        {
            yield return With(bare, [], "events and usage", reason);
        }

        // A sum over bytes that nobody can read again is none that anybody can check.
        var silent = bare with { Stdout = [], Stderr = [], UsageLost = bare.UsageLost || refused.Stdout.Length > 0 };
        yield return With(silent, [], "all but its numbers", reason);
        var unsaid = silent with { Progress = before.Progress, Snapshot = before.Snapshot };
        yield return With(unsaid, [], "all", reason);
        yield return With(unsaid, [], "all", null);
        yield return unsaid with { Events = [], EventCount = 0 };
    }

    private static AttemptOutput With(AttemptOutput output, IReadOnlyList<AgentEvent> events, string dropped, string? reason)
    {
        var kept = AgentEventJson.Write(events);
        return output with
        {
            Events = kept.Length == 0 ? Told(output, dropped, reason) : [.. kept, (byte)',', .. Told(output, dropped, reason)],
            EventCount = events.Count + 1,
        };
    }

    private static byte[] Told(AttemptOutput output, string dropped, string? reason)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            var ofStdout = output.StdoutTo > output.StdoutFrom;
            json.WriteStartObject();
            json.WriteString("type"u8, "output_refused"u8);
            json.WriteString("stream"u8, ofStdout ? "stdout"u8 : "stderr"u8);
            json.WriteNumber("offset"u8, ofStdout ? output.StdoutFrom : output.StderrFrom);
            json.WriteNumber("length"u8, ofStdout ? output.StdoutTo - output.StdoutFrom : output.StderrTo - output.StderrFrom);
            json.WriteString("dropped"u8, dropped);
            if (reason is not null)
            {
                json.WriteString("reason"u8, reason.Length > ReasonLimit ? reason[..ReasonLimit] : reason);
            }

            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
