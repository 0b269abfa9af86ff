using Orleans.Workflows.Batches;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Tests.Batches;

/// <summary>Batches over waiting runs in a real silo whose ledger a test cuts off.</summary>
public sealed class BatchGrainTests : IAsyncLifetime
{
    private readonly BatchSilo _silo = new();
    private readonly RunFilter _red = new() { Queue = "red" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _silo.InitializeAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    /// <summary>Versions: 1 begun, 2 first page read, 3 first page asked and second read, 4 all asked.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public async Task Wherever_its_record_is_cut_off_each_run_gets_one_command_and_is_counted_once(long version, bool after)
    {
        var red = await _silo.StartAsync("red", BatchDecisions.PageSize + 20);
        var blue = await _silo.StartAsync("blue", 3);
        _silo.Cuts.Cut(version, after);
        BatchInfo batch;
        try
        {
            batch = await _silo.BeginAsync(BatchOperation.Cancel, new() { Queue = "red", Statuses = [RunStatus.Queued] });
        }
        catch (Exception) when (version == 1)
        {
            // Unknown to the caller; durable all the same, and found by whoever looks for open ones.
            batch = (await _silo.Batches.ListAsync(null, 1, Token)).Single();
            await _silo.Batches.Grain(batch.Id).WakeAsync();
        }

        var ended = await _silo.EndOfAsync(batch);
        Assert.Equal(1, _silo.Cuts.Cuts);
        Assert.Equal((BatchStatus.Completed, red.Length, red.Length, 0, 0), (ended.Status, (int)ended.Matched!.Value, (int)ended.Done, (int)ended.Skipped, (int)ended.Failed));
        foreach (var run in red)
        {
            Assert.Equal(RunStatus.Canceled, (await _silo.Ledger.ReadRunAsync(run, Token))!.Status);
            var command = Assert.Single(await _silo.Ledger.ReadCommandsAsync(run, pendingOnly: false, Token));
            Assert.Equal((BatchKeys.CommandOf(batch.Id, run), "alice", "enough"), (command.Id, command.Caller, command.Text));
            Assert.Equal($"batch:{batch.Id}", Assert.Single(await _silo.Ledger.ReadAuditAsync(run, Token), audit => audit.Action == "cancel").CorrelationId);
        }

        foreach (var run in blue)
        {
            Assert.Equal(RunStatus.Queued, (await _silo.Ledger.ReadRunAsync(run, Token))!.Status);
        }
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task A_retry_that_is_cut_off_starts_each_run_once_again(long version, bool after)
    {
        var runs = await _silo.StartAsync("red", 12);
        await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Terminate, _red));
        var active = await _silo.StartAsync("red", 2);
        _silo.Cuts.Cut(version, after);
        var ended = await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Retry, _red));
        Assert.Equal((1, 14, 12, 0, 2), (_silo.Cuts.Cuts, (int)ended.Matched!.Value, (int)ended.Done, (int)ended.Skipped, (int)ended.Failed));
        Assert.Equal(active.Select(run => (run, "run_active")), ended.Failures.Select(failure => (failure.Run, failure.Code)));
        foreach (var run in runs)
        {
            var again = Assert.Single(await _silo.Ledger.ReadContinuationsAsync(run, Token));
            Assert.Equal(("alice", RunStatus.Queued), ((await _silo.Ledger.ReadRunAsync(again, Token))!.Caller, (await _silo.Ledger.ReadRunAsync(again, Token))!.Status));
        }

        Assert.Equal(26, (await _silo.Ledger.ListRunsAsync(new RunQuery { Queue = "red" }, Token)).Total);
    }

    [Fact]
    public async Task Who_has_ended_is_skipped_and_a_run_that_can_t_be_resumed_is_told()
    {
        var runs = await _silo.StartAsync("red", 4);
        await _silo.Grains.GetRun(runs[1]).CancelAsync(new() { Id = Guid.NewGuid(), Caller = "bob", CorrelationId = "c" });
        var resumed = await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Resume, _red));
        Assert.Equal((0, 3, 1), ((int)resumed.Done, (int)resumed.Skipped, (int)resumed.Failed));
        Assert.Equal((runs[1], "not_paused"), (resumed.Failures[0].Run, resumed.Failures[0].Code));

        var terminated = await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Terminate, _red));
        Assert.Equal((3, 1, 0), ((int)terminated.Done, (int)terminated.Skipped, (int)terminated.Failed));
        Assert.Equal(RunStatus.Canceled, (await _silo.Ledger.ReadRunAsync(runs[1], Token))!.Status);
    }

    [Fact]
    public async Task All_that_match_stand_still_and_go_on_again()
    {
        var runs = await _silo.StartAsync("red", 5);
        await _silo.Grains.GetRun(runs[0]).CancelAsync(new() { Id = Guid.NewGuid(), Caller = "bob", CorrelationId = "c" });
        await _silo.Grains.GetRun(runs[1]).PauseAsync(new() { Id = Guid.NewGuid(), Caller = "bob", CorrelationId = "c" });
        var paused = await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Pause, _red));
        Assert.Equal((3, 2, 0), ((int)paused.Done, (int)paused.Skipped, (int)paused.Failed));
        Assert.Equal(4, (await _silo.Ledger.ListRunsAsync(new RunQuery { Queue = "red", Statuses = [RunStatus.Paused] }, Token)).Total);

        var resumed = await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Resume, new() { Queue = "red", Statuses = [RunStatus.Paused] }));
        Assert.Equal((4, 0, 0), ((int)resumed.Done, (int)resumed.Skipped, (int)resumed.Failed));
        Assert.Equal(4, (await _silo.Ledger.ListRunsAsync(new RunQuery { Queue = "red", Statuses = [RunStatus.Queued] }, Token)).Total);
    }

    [Fact]
    public async Task A_canceled_batch_counts_whom_it_was_asking_and_asks_no_more()
    {
        var runs = await _silo.StartAsync("red", 40);
        _silo.Cuts.Hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var batch = await _silo.BeginAsync(BatchOperation.Cancel, _red);
        await _silo.Cuts.Held.Task.WaitAsync(TestTimeouts.Process, Token);
        var asked = _silo.Cuts.Asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var canceling = _silo.Batches.Grain(batch.Id).CancelAsync("bob");
        await asked.Task.WaitAsync(TestTimeouts.Process, Token);
        Assert.False(canceling.IsCompleted);
        var hold = _silo.Cuts.Hold;
        _silo.Cuts.Hold = null;
        hold.SetResult();
        var canceled = (await canceling).Batch!;
        Assert.Equal((BatchStatus.Canceled, "bob", 40), (canceled.Status, canceled.CanceledBy, (int)canceled.Matched!.Value));
        var ended = new List<RunId>();
        foreach (var run in runs)
        {
            if ((await _silo.Ledger.ReadRunAsync(run, Token))!.Status == RunStatus.Canceled)
            {
                ended.Add(run);
            }
        }

        // As many as it asks at once.
        Assert.Equal((16, 16), (ended.Count, (int)canceled.Done));
        Assert.Equal(canceled.Version, (await _silo.Batches.Grain(batch.Id).CancelAsync("eve")).Batch!.Version);

        var completed = await _silo.EndOfAsync(await _silo.BeginAsync(BatchOperation.Cancel, _red));
        Assert.Equal((40 - ended.Count, ended.Count), ((int)completed.Done, (int)completed.Skipped));
        Assert.Equal((FailureKind.Conflict, "batch_ended"), (await _silo.Batches.Grain(completed.Id).CancelAsync("eve")).Failure is { } failure ? (failure.Kind, failure.Code) : default);
        Assert.Equal("batch_not_found", (await _silo.Batches.Grain(Guid.NewGuid()).CancelAsync("eve")).Failure!.Code);
    }

    [Fact]
    public async Task The_same_key_gives_the_same_batch_and_another_request_under_it_is_refused()
    {
        await _silo.StartAsync("red", 1);
        var request = new BatchRequest { Operation = BatchOperation.Cancel, Filter = _red };
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _silo.Batches.StartAsync(request, new("alice", "c", IdempotencyKey: "k"), Token)));
        Assert.Single(all.Select(result => result.Batch!.Id).Distinct());
        Assert.Single(all, result => !result.Existing);
        Assert.Equal(FailureKind.KeyReused, (await _silo.Batches.StartAsync(request with { Reason = "another" }, new("alice", "c", IdempotencyKey: "k"), Token)).Failure!.Kind);
        Assert.False((await _silo.Batches.StartAsync(request, new("bob", "c", IdempotencyKey: "k"), Token)).Existing);
    }
}
