using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Benchmarks;

/// <summary>The floor of <c>noop</c>: the same rows and transitions through the ledger alone, by as many writers as there are slots.</summary>
internal static class LedgerFloor
{
    public static Task RunAsync(ILedger ledger, int runs, int writers) => InFlight.EachAsync(runs, writers, async _ =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = RunId.New(TimeProvider.System);
        var row = new RunRow
        {
            Id = id,
            Version = 1,
            DefinitionHash = "floor",
            Agent = "floor",
            Queue = "floor",
            Caller = "bench",
            CorrelationId = "bench",
            Spec = "{}",
            SessionId = Guid.NewGuid(),
            CreatedAt = now,
            Status = RunStatus.Queued,
            WaitsFor = "a slot",
            QueuedAt = now,
            LastEventSeq = 1,
        };
        await AppendAsync(new()
        {
            Run = row,
            Events = Event(row),
            Idempotency = new("bench", Guid.NewGuid().ToString(), [1], id, now.AddDays(1)),
            Audit = [new(id, now, "bench", "start", null, "bench")],
        });
        var attempt = new AttemptRow { Run = id, Number = 1, Node = "floor", Queue = "floor", ClaimedAt = now };
        row = row with { Version = 2, Status = RunStatus.Starting, WaitsFor = null, NextDeadline = now.AddMinutes(1), Epoch = 1, OpenAttempt = 1, LastEventSeq = 2 };
        await AppendAsync(new() { Run = row, Attempt = attempt, NewAttempt = true, Events = Event(row) });
        var reason = new Reason(ReasonCodes.Canceled, "Floor.");
        row = row with { Version = 3, Status = RunStatus.Canceled, Reason = reason, NextDeadline = null, OpenAttempt = null, EndedAt = now, LastEventSeq = 3 };
        await AppendAsync(new() { Run = row, Attempt = attempt with { EndedAt = now, Reason = reason }, Events = Event(row) });

        async Task AppendAsync(LedgerAppend append)
        {
            var result = await ledger.AppendAsync(append);
            if (!result.IsCommitted)
            {
                throw new InvalidOperationException($"{result.Status} {result.Error}");
            }
        }
    });

    private static EventBatchRow Event(RunRow row) => new(row.Id, row.LastEventSeq, 1, row.CreatedAt, null, """[{"type":"floor"}]"""u8.ToArray());
}
