using System.Text;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using static Orleans.Workflows.Ledger.Tests.Samples;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>What both databases promise. A database runs it by bringing a fixture.</summary>
public abstract partial class LedgerConformanceTests(LedgerFixture fixture)
{
    protected LedgerFixture Fixture => fixture;

    private ILedger Ledger => fixture.Ledger;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_reads_back_as_it_was_accepted()
    {
        var run = Accepted() with
        {
            ContinuedFrom = RunId.New(TimeProvider.System), MaxTurns = 7, TraceParent = "00-1-2-3",
            Labels = new Dictionary<string, string> { ["team"] = "blue", ["a"] = "b" },
        };
        var result = await Ledger.AppendAsync(new LedgerAppend { Run = run, Idempotency = Key(run.Id, $"k-{run.Id}"), Audit = [Audit(run.Id)] }, Token);

        Assert.Equal(AppendResult.Committed, result);
        AssertSame(run, await Ledger.ReadRunAsync(run.Id, Token));
        Assert.Equal(Audit(run.Id), Assert.Single(await Ledger.ReadAuditAsync(run.Id, Token)));
        var key = await Ledger.ReadIdempotencyAsync("alice", $"k-{run.Id}", Token);
        Assert.Equal((run.Id, Start.AddDays(1)), (key!.Run, key.KeepUntil));
        Assert.Equal([1, 2, 3], key.RequestHash);
        Assert.Equal(run.Id, Assert.Single(await Ledger.ReadContinuationsAsync(run.ContinuedFrom!.Value, Token)));
    }

    [Fact]
    public async Task A_whole_run_with_everything_beside_it_reads_back()
    {
        var queued = await AcceptAsync();
        var starting = queued.To(RunStatus.Starting);
        await CommitAsync(Step(queued, starting));
        var command = Command(queued.Id);
        var running = starting.To(RunStatus.Running) with { LastEventSeq = 3, Phase = "tool", LastActivityAt = Start };
        var attempt = Attempt(queued.Id) with { StartedAt = Start, Pid = 42, PidStartTicks = 99, BootId = "b", AgentVersion = "1.2", StdoutOffset = 10, ParserSnapshot = [1, 0, 2] };
        await CommitAsync(new LedgerAppend
        {
            Run = running, Attempt = attempt, Events = Events(queued.Id, 1, 3), Usage = [Spent(queued.Id, "m1", 5), Spent(queued.Id, "m2", 6)],
            Transcript = [Chunk(queued.Id, 0, "0123456789")], Commands = [command], Audit = [Audit(queued.Id, "message")],
        });
        var ended = running.To(RunStatus.Completed) with
        {
            LastEventSeq = 4, Turns = 3, AgentTurns = 4, ToolCalls = 2, ApiMs = 12, PermissionDenials = 1, UsageIncomplete = true,
            Usage = new TokenUsage { InputTokens = 11, CostUsd = 1.50m }, Details = "{}", Result = """{"text":"ok"}""", Branch = "b", Node = "node-1",
        };
        var over = attempt with { EndedAt = Start.AddSeconds(9), ExitCode = 0, Signal = 9, PeakMemoryBytes = 5_000_000_000, CpuMs = 0, Reason = new Reason("success", "Done."), StdoutOffset = 20, Usage = ended.Usage, Details = "{}", Leaked = false };
        await CommitAsync(new LedgerAppend
        {
            Run = ended, Attempt = over, Events = Events(queued.Id, 4, 1), Usage = [Spent(queued.Id, "m2", 7)],
            Transcript = [Chunk(queued.Id, 10, "abcdefghij")], Commands = [command with { HandledAt = Start, Outcome = "delivered" }],
        });

        AssertSame(ended, await Ledger.ReadRunAsync(queued.Id, Token));
        AssertSame(over, Assert.Single(await Ledger.ReadAttemptsAsync(queued.Id, Token)));
        var events = await Ledger.ReadEventsAsync(queued.Id, 0, 10, Token);
        Assert.Equal([(1, 3), (4, 4)], events.Select(e => ((int)e.FirstSeq, (int)e.LastSeq)));
        Assert.Equal(Events(queued.Id, 1, 3).Events.ToArray(), events[0].Events.ToArray());
        Assert.Equal(4, Assert.Single(await Ledger.ReadEventsAsync(queued.Id, 3, 10, Token)).FirstSeq);
        Assert.Equal([("m1", 5L), ("m2", 7L)], (await Ledger.ReadUsageAsync(queued.Id, Token)).Select(u => (u.MessageId, u.Usage.InputTokens!.Value)));
        Assert.Equal("delivered", Assert.Single(await Ledger.ReadCommandsAsync(queued.Id, false, Token)).Outcome);
        Assert.Empty(await Ledger.ReadCommandsAsync(queued.Id, true, Token));
        Assert.Equal("0123456789abcdefghij", await TranscriptAsync(queued.Id, 0));
        Assert.Equal("0123456789abcdefghij", await TranscriptAsync(queued.Id, 9));
        Assert.Equal("abcdefghij", await TranscriptAsync(queued.Id, 10));
        Assert.Equal("", await TranscriptAsync(queued.Id, 20));
    }

    protected async Task<RunRow> AcceptAsync(RunStatus status = RunStatus.Queued)
    {
        var run = Accepted(status);
        await CommitAsync(new LedgerAppend { Run = run });
        return run;
    }

    protected async Task CommitAsync(LedgerAppend append)
    {
        var result = await Ledger.AppendAsync(append, Token);
        Assert.True(result.IsCommitted, result.ToString());
    }

    private static void AssertSame(RunRow expected, RunRow? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Labels.OrderBy(l => l.Key), actual.Labels.OrderBy(l => l.Key));
        Assert.Equal(expected with { Labels = actual.Labels }, actual);
    }

    private static void AssertSame(AttemptRow expected, AttemptRow actual)
    {
        Assert.Equal(expected.ParserSnapshot, actual.ParserSnapshot);
        Assert.Equal(expected with { ParserSnapshot = actual.ParserSnapshot }, actual);
    }

    private async Task<string> TranscriptAsync(RunId run, long from)
    {
        var text = new StringBuilder();
        await foreach (var chunk in Ledger.ReadTranscriptAsync(run, 1, OutputStream.Stdout, from, Token))
        {
            text.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
        }

        return text.ToString();
    }
}
