using CsCheck;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Tests.Usage;

public sealed class MetricsFoldTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    private static readonly string?[] Names = ["implement", "review", null];
    private static readonly RunStatus[] Ends = [RunStatus.Completed, RunStatus.Failed, RunStatus.TimedOut];

    private static readonly Gen<EndedRunRow> AnyRun = Gen.Select(
        Gen.Int[0, 2].Select(index => Names[index]),
        Gen.Int[0, 2].Select(index => Ends[index]),
        Gen.Int[0, 50].Nullable(),
        Gen.Long[0, 10_000].Nullable(),
        Gen.Int[0, 100_000].Nullable(),
        Gen.Bool,
        (workflow, status, turns, tokens, wallMs, incomplete) => Row(workflow, status, turns, tokens, wallMs, incomplete));

    [Fact]
    public void Totals_are_the_sums_over_the_workflow_s_runs_in_any_order() => AnyRun.Array[0, 20].Sample(runs =>
    {
        var totals = Fold(runs);
        Assert.Equal(runs.Select(run => run.Workflow ?? "(ad-hoc)").Distinct().Order(), totals.Keys.Order());
        foreach (var (name, total) in totals)
        {
            var mine = runs.Where(run => (run.Workflow ?? "(ad-hoc)") == name).ToArray();
            Assert.Equal(mine.CountBy(run => run.Status).ToDictionary(pair => pair.Key, pair => (long)pair.Value), total.Runs);
            Assert.Equal(mine.Sum(run => run.Attempts), total.Attempts);
            Assert.Equal(mine.Sum(run => run.Turns ?? 0), total.Turns);
            Assert.Equal(mine.Sum(run => (long)(run.EndedAt - (run.StartedAt ?? run.EndedAt)).TotalMilliseconds), total.WallMs);
            Assert.Equal(mine.Aggregate(TokenUsage.Unknown, (sum, run) => sum.Add(run.Usage)), total.Usage);
            Assert.Equal(mine.Count(run => run.UsageIncomplete), total.IncompleteRuns);
        }

        var reversed = Fold(runs.Reverse());
        Assert.All(totals, pair => Assert.Equivalent(pair.Value, reversed[pair.Key], strict: true));
    });

    [Fact]
    public void Runs_without_numbers_leave_a_sum_unknown_instead_of_zero()
    {
        var total = Fold([Row("w", RunStatus.Failed, null, null, null, true)])["w"];
        Assert.Equal(TokenUsage.Unknown, total.Usage);
        Assert.Equal(1, total.IncompleteRuns);
    }

    [Fact]
    public void The_checkpoint_is_the_last_end_of_each_writer()
    {
        var state = new MetricsState();
        foreach (var (writer, seq) in new[] { (1, 1L), (2, 1L), (1, 4L), (2, 3L) })
        {
            MetricsFold.Add(state, Row("w", RunStatus.Completed, 1, 1, 1, false) with { Writer = writer, WriterSeq = seq });
        }

        Assert.Equal(new Dictionary<int, long> { [1] = 4, [2] = 3 }, state.Checkpoint);
    }

    private static Dictionary<string, UsageTotals> Fold(IEnumerable<EndedRunRow> runs)
    {
        var state = new MetricsState();
        foreach (var run in runs)
        {
            MetricsFold.Add(state, run);
        }

        return state.Totals;
    }

    private static EndedRunRow Row(string? workflow, RunStatus status, int? turns, long? tokens, int? wallMs, bool incomplete) => new()
    {
        Writer = 1,
        WriterSeq = 1,
        Run = RunId.New(TimeProvider.System),
        Workflow = workflow,
        Agent = "scripted",
        Queue = "default",
        Status = status,
        ReasonCode = "any",
        CreatedAt = Start,
        StartedAt = wallMs is null ? null : Start,
        EndedAt = Start.AddMilliseconds(wallMs ?? 0),
        Attempts = 1,
        Turns = turns,
        ToolCalls = turns,
        Usage = new() { InputTokens = tokens },
        UsageIncomplete = incomplete,
        ApiMs = null,
        Details = null,
    };
}
