using System.Text.Json;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Tests.Batches;

public sealed class BatchDecisionsTests
{
    private static readonly DateTimeOffset Began = new(2026, 1, 31, 8, 0, 0, TimeSpan.Zero);
    private static readonly Failure Refusal = Failure.Conflict("run_active", "Not yet.");

    [Fact]
    public void A_page_is_of_runs_that_were_accepted_before_the_batch_oldest_first_behind_the_last_page()
    {
        var query = BatchDecisions.PageOf(New());
        Assert.Equal((Began, RunSort.Created, false, 100, true), (query.CreatedTo!.Value, query.Sort, query.Descending, query.Limit, query.WithTotal));
        Assert.Equal(("red", null, null), (query.Queue, query.After, query.Cursor));

        var last = Guid.CreateVersion7();
        query = BatchDecisions.PageOf(New(row => row with { MoreAfter = last, Matched = 7 }, new RunFilter { CreatedTo = Began.AddDays(-1) }));
        Assert.Equal((Began.AddDays(-1), last, false), (query.CreatedTo!.Value, query.After!.Value.Value, query.WithTotal));
        Assert.Equal(Began, BatchDecisions.PageOf(New(filter: new() { CreatedTo = Began.AddDays(1) })).CreatedTo);
    }

    [Theory]
    [InlineData(BatchOperation.Cancel, 2, 1)]
    [InlineData(BatchOperation.Terminate, 2, 1)]
    [InlineData(BatchOperation.Retry, 3, 0)]
    [InlineData(BatchOperation.Resume, 3, 0)]
    [InlineData(BatchOperation.Pause, 2, 1)]
    public void Of_a_page_who_has_ended_is_not_asked_to_end(BatchOperation operation, int asked, int skipped)
    {
        var runs = new[] { Run(RunStatus.Queued), Run(RunStatus.Completed), Run(RunStatus.Running) };
        var taken = BatchDecisions.Take(New(operation: operation), new(runs, 30, "next"));
        Assert.Equal((asked, skipped, 30L, runs[2].Id.Value), (taken.Pending.Length, (int)taken.Row.Skipped, taken.Row.Matched!.Value, taken.Row.MoreAfter!.Value));
        Assert.Equal(BatchStatus.Running, taken.Status);
    }

    [Fact]
    public void It_is_completed_by_a_last_page_on_which_nobody_is_asked()
    {
        Assert.Equal((BatchStatus.Completed, 0L), Ended(BatchDecisions.Take(New(), new([], 0, null))));
        Assert.Equal((BatchStatus.Completed, 1L), Ended(BatchDecisions.Take(New(), new([Run(RunStatus.Failed)], 1, null))));
        Assert.Equal(BatchStatus.Running, BatchDecisions.Take(New(), new([Run(RunStatus.Failed)], 1, "next")).Status);
        var open = BatchDecisions.Take(New(), new([Run(RunStatus.Queued)], 1, null));
        Assert.Equal((BatchStatus.Running, true), (open.Status, BatchDecisions.IsThrough(open)));

        // Who left the filter meanwhile was none of them.
        Assert.Equal((BatchStatus.Completed, 6L), Ended(BatchDecisions.Complete(New(row => row with { Matched = 9, Done = 1, Skipped = 2, Failed = 3 }))));

        static (BatchStatus, long) Ended(BatchState state) => (state.Status, state.Row.Matched!.Value);
    }

    [Fact]
    public void Answers_are_counted_in_the_order_of_the_runs_and_who_gave_none_is_asked_again()
    {
        var runs = Enumerable.Range(0, 5).Select(_ => RunId.New(TimeProvider.System)).ToArray();
        var counted = BatchDecisions.Count(New(row => row with { Done = 10, Failed = 1 }) with { Pending = runs }, new Dictionary<RunId, BatchOutcome>
        {
            [runs[4]] = new BatchOutcome.Failed(Refusal with { Code = "b", Message = new('x', 5_000) }),
            [runs[0]] = new BatchOutcome.Failed(Refusal),
            [runs[2]] = new BatchOutcome.Done(),
            [runs[3]] = new BatchOutcome.Skipped(),
        });
        Assert.Equal([runs[1]], counted.Pending);
        Assert.Equal((11, 1, 3), ((int)counted.Row.Done, (int)counted.Row.Skipped, (int)counted.Row.Failed));
        Assert.Equal([(runs[0], "run_active", 8), (runs[4], "b", 1_000)], counted.Failures.Select(failure => (failure.Run, failure.Code, failure.Message.Length)));
        Assert.Same(counted, BatchDecisions.Count(counted, new Dictionary<RunId, BatchOutcome>()));
    }

    [Fact]
    public void The_first_thousand_failures_are_kept_and_all_are_counted()
    {
        var state = New();
        for (var page = 0; page < 11; page++)
        {
            state = state with { Pending = [.. Enumerable.Range(0, 100).Select(_ => RunId.New(TimeProvider.System))] };
            state = BatchDecisions.Count(state, state.Pending.ToDictionary(run => run, BatchOutcome (_) => new BatchOutcome.Failed(Refusal with { Code = $"p{page}" })));
        }

        Assert.Equal((1_100, 1_000, "p0", "p9"), ((int)state.Row.Failed, state.Failures.Length, state.Failures[0].Code, state.Failures[^1].Code));
    }

    [Fact]
    public void A_canceled_batch_asks_nobody_and_keeps_its_counts()
    {
        var canceled = BatchDecisions.Cancel(New(row => row with { Done = 3, Matched = 9, MoreAfter = Guid.NewGuid() }) with { Pending = [RunId.New(TimeProvider.System)] }, "bob");
        Assert.Equal((BatchStatus.Canceled, 0, 3L, 9L, "bob"), (canceled.Status, canceled.Pending.Length, canceled.Row.Done, canceled.Row.Matched!.Value, canceled.Row.CanceledBy));
        Assert.Equal(Began.AddHours(1), canceled.ToRow(Began.AddHours(1)).EndedAt);
    }

    [Theory]
    [InlineData(BatchOperation.Cancel, RunStatus.Canceled, null, true, "Done")]
    [InlineData(BatchOperation.Cancel, RunStatus.Canceled, null, false, "Skipped")]
    [InlineData(BatchOperation.Cancel, RunStatus.Canceling, null, false, "Skipped")]
    [InlineData(BatchOperation.Cancel, RunStatus.Completed, "run_ended", false, "Skipped")]
    [InlineData(BatchOperation.Terminate, null, "run_not_found", false, "Skipped")]
    [InlineData(BatchOperation.Resume, RunStatus.Queued, null, true, "Done")]
    [InlineData(BatchOperation.Resume, RunStatus.Running, "not_paused", false, "Skipped")]
    [InlineData(BatchOperation.Resume, RunStatus.Failed, "not_paused", false, "Failed")]
    [InlineData(BatchOperation.Resume, null, "run_not_found", false, "Failed")]
    [InlineData(BatchOperation.Pause, RunStatus.Paused, null, true, "Done")]
    [InlineData(BatchOperation.Pause, RunStatus.Running, null, true, "Done")]
    [InlineData(BatchOperation.Pause, RunStatus.Paused, null, false, "Skipped")]
    [InlineData(BatchOperation.Pause, RunStatus.Completed, "run_ended", false, "Skipped")]
    [InlineData(BatchOperation.Pause, RunStatus.Running, "no_pause", false, "Failed")]
    public void What_an_answer_comes_to(BatchOperation operation, RunStatus? status, string? code, bool stands, string outcome)
    {
        var run = status is { } known ? RunInfos.From(Run(known), Began) : null;
        var judged = BatchDecisions.Judge(operation, new(run, code is null ? null : Refusal with { Code = code }), stands);
        Assert.Equal(outcome, judged.GetType().Name);
    }

    [Fact]
    public void A_filter_is_stored_under_the_list_s_names_and_each_of_its_conditions_counts()
    {
        var (session, time) = (Guid.NewGuid(), Began.AddTicks(1));
        var all = new RunFilter
        {
            Statuses = [RunStatus.Queued], Workflow = "w", Queue = "q", Caller = "c", SessionId = session, Branch = "b", ReasonCode = "r", Node = "n", Leaked = false,
            Labels = new Dictionary<string, string> { ["k"] = "v" }, CreatedFrom = time, CreatedTo = time,
        };
        var json = JsonSerializer.SerializeToElement(all, BatchJson.Default.RunFilter);
        Assert.Equal(["status", "workflow", "queue", "caller", "session", "branch", "reason", "node", "leaked", "labels", "createdFrom", "createdTo"], json.EnumerateObject().Select(member => member.Name));
        Assert.True(RunFilters.IsEmpty(null) && RunFilters.IsEmpty(new()) && RunFilters.IsEmpty(new() { Statuses = [], Labels = new Dictionary<string, string>() }));
        foreach (var member in json.EnumerateObject())
        {
            var one = JsonSerializer.Deserialize($$"""{"{{member.Name}}":{{member.Value.GetRawText()}}}""", RequestJson.Default.RunFilter)!;
            Assert.False(RunFilters.IsEmpty(one), member.Name);
            Assert.Equal($$"""{"{{member.Name}}":{{member.Value.GetRawText()}}}""", JsonSerializer.Serialize(one, BatchJson.Default.RunFilter));
        }
    }

    private static BatchState New(Func<BatchRow, BatchRow>? change = null, RunFilter? filter = null, BatchOperation operation = BatchOperation.Cancel)
    {
        var row = new BatchRow
        {
            Id = Guid.CreateVersion7(), Version = 1, Operation = operation.ToString(), Filter = JsonSerializer.Serialize(filter ?? new() { Queue = "red" }, BatchJson.Default.RunFilter),
            Caller = "alice", CorrelationId = "c", Status = "Running", Pending = "[]", Failures = "[]", CreatedAt = Began, UpdatedAt = Began,
        };
        return BatchState.From(change?.Invoke(row) ?? row);
    }

    private static RunRow Run(RunStatus status) => new()
    {
        Id = RunId.New(TimeProvider.System), Version = 1, Status = status, DefinitionHash = "h", Agent = "scripted", Queue = "red", Caller = "c", CorrelationId = "c", Spec = "{}",
        SessionId = Guid.NewGuid(), CreatedAt = Began, QueuedAt = Began, Usage = TokenUsage.Unknown,
    };
}
