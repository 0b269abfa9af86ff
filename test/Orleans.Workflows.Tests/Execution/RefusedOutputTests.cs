using System.Text;
using CsCheck;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Refusals;

namespace Orleans.Workflows.Tests.Execution;

public sealed class RefusedOutputTests
{
    /// <summary>Whatever lines are refused: every other is told, each refused one stands alone, and it takes few steps.</summary>
    [Fact]
    public void All_but_the_refused_lines_are_told_in_pieces() =>
        Gen.Select(Gen.Bool.Array[1, 300], Gen.Int[0, 2]).Sample((flags, rare) =>
        {
            var bad = flags.Select((flag, i) => flag && i % (1 + (rare * 40)) == 0).ToArray();
            var text = string.Concat(bad.Select((isBad, i) => $"{(isBad ? "bad" : "good")} {i}\n"));
            var bytes = Encoding.UTF8.GetBytes(text);
            var whole = new SpoolBound(bytes.Length, 0);
            var (bound, position, told, dropped, steps) = (whole, 0, new StringBuilder(), new List<string>(), 0);
            while (position < bytes.Length)
            {
                steps++;
                var end = Array.LastIndexOf(bytes, (byte)'\n', (int)bound.Stdout - 1) + 1;
                if (end <= position)
                {
                    bound = whole;
                    continue;
                }

                var piece = Piece(bytes, position, end);
                var words = Encoding.UTF8.GetString(piece.Stdout);
                if (words.Contains("bad", StringComparison.Ordinal) && RefusedOutput.Narrow(piece) is { } narrower)
                {
                    Assert.InRange(narrower.Stdout, position + 1, end - 1);
                    bound = narrower;
                    continue;
                }

                if (words.Contains("bad", StringComparison.Ordinal))
                {
                    dropped.Add(words.TrimEnd());
                }
                else
                {
                    told.Append(words);
                }

                position = end;
                bound = RefusedOutput.Widen(piece, whole);
            }

            Assert.Equal(bad.Select((isBad, i) => (isBad, i)).Where(line => line.isBad).Select(line => $"bad {line.i}"), dropped);
            Assert.Equal(string.Concat(text.Split('\n').Where(line => line.StartsWith("good", StringComparison.Ordinal)).Select(line => line + "\n")), told.ToString());
            Assert.True(steps <= 2 + (dropped.Count * 4 * (1 + Math.Log2(bad.Length))), $"{steps} steps for {dropped.Count} of {bad.Length}");
        });

    [Fact]
    public void Stdout_is_told_apart_from_stderr_and_what_has_no_line_in_it_is_not_divided()
    {
        var both = Piece("a\nb\n"u8.ToArray(), 0, 4) with { StdoutFrom = 100, StdoutTo = 104, StderrFrom = 7, StderrTo = 10, Stderr = [1, 2, 3] };
        Assert.Equal(new SpoolBound(104, 7), RefusedOutput.Narrow(both));
        Assert.Equal(new SpoolBound(102, 7), RefusedOutput.Narrow(both with { Stderr = [], StderrTo = 7 }));
        Assert.Null(RefusedOutput.Narrow(both with { Stdout = [], StdoutTo = 100 }));
        Assert.Equal(new SpoolBound(104, 10), RefusedOutput.Widen(both with { Stderr = [], StderrTo = 7 }, new(104, 10)));
    }

    [Fact]
    public void What_is_left_of_a_line_is_the_most_first_and_says_what_is_missing()
    {
        AgentEvent[] events = [new AgentNotice("info", "one"), new AgentNotice("info", "two")];
        var usage = new UsageEntry("m", null, null, global::Orleans.Workflows.Usage.TokenUsage.Unknown);
        var line = Piece("x\n"u8.ToArray(), 0, 2) with { Events = AgentEventJson.Write(events), EventCount = 2, Usage = [usage], Snapshot = [9] };
        var left = OutputReductions.Of(line, events, (new AgentProgress(), [5]), "why").ToArray();
        Assert.All(left, output => Assert.Equal((0L, 2L), (output.StdoutFrom, output.StdoutTo)));
        Assert.All(left[..^1], output => Assert.Contains("output_refused", Encoding.UTF8.GetString(output.Events), StringComparison.Ordinal));
        Assert.Contains("two", Encoding.UTF8.GetString(left[0].Events), StringComparison.Ordinal);
        Assert.DoesNotContain("one", Encoding.UTF8.GetString(left[0].Events), StringComparison.Ordinal);
        Assert.Equal((2, 1, false), (left[0].EventCount, left[0].Usage.Count, left[0].UsageLost));
        Assert.All(left.Where(output => output.Usage.Count == 0), output => Assert.True(output.UsageLost));
        Assert.Equal((0, 0, 5), (left[^1].EventCount, left[^1].Stdout.Length, left[^1].Snapshot.Single()));
    }

    private static AttemptOutput Piece(byte[] bytes, int from, int to) => new()
    {
        Attempt = 1,
        StdoutFrom = from,
        StdoutTo = to,
        StderrFrom = 0,
        StderrTo = 0,
        Snapshot = [],
        Progress = new(),
        Stdout = bytes[from..to],
    };
}
