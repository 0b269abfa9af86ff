using System.Text;
using Orleans.Workflows.Ledger.Appending;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Tests;

/// <summary>Rows as the engine would write them.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero);

    private static readonly TimeProvider Clock = TimeProvider.System;

    public static RunRow Accepted(RunStatus status = RunStatus.Queued, RunId? id = null) => new()
    {
        Id = id ?? RunId.New(Clock),
        Version = 1,
        Workflow = "demo",
        DefinitionHash = "abc",
        Agent = "scripted",
        Queue = "default",
        Caller = "alice",
        CorrelationId = "c-1",
        Spec = """{"prompt":"do it"}""",
        SessionId = Guid.CreateVersion7(),
        CreatedAt = Start,
        Status = status,
        QueuedAt = status == RunStatus.Queued ? Start : null,
        NextDeadline = Start.AddMinutes(30),
    };

    /// <summary>The next state of <paramref name="run"/> with what the schema asks of <paramref name="status"/>.</summary>
    public static RunRow To(this RunRow run, RunStatus status) => run with
    {
        Version = run.Version + 1,
        Status = status,
        Reason = status.IsTerminal() ? new Reason("success", "It is done.") : null,
        QueuedAt = status == RunStatus.Queued ? Start : run.QueuedAt,
        OpenAttempt = status is RunStatus.Starting or RunStatus.Running ? run.OpenAttempt ?? run.Epoch + 1 : status == RunStatus.Canceling ? run.OpenAttempt : null,
        Epoch = status is RunStatus.Starting or RunStatus.Running && run.OpenAttempt is null ? run.Epoch + 1 : run.Epoch,
        StartedAt = status == RunStatus.Running ? Start.AddSeconds(1) : run.StartedAt,
        EndedAt = status.IsTerminal() ? Start.AddSeconds(10) : null,
        ContinueUntil = status.IsTerminal() ? Start.AddDays(1) : null,
        NextDeadline = status.IsTerminal() ? null : Start.AddMinutes(30),
    };

    /// <summary>The append that takes <paramref name="from"/> to <paramref name="to"/>, with its attempt opened or ended as needed.</summary>
    public static LedgerAppend Step(RunRow from, RunRow to)
    {
        var opens = to.OpenAttempt is not null && from.OpenAttempt is null;
        var ends = to.OpenAttempt is null && from.OpenAttempt is not null;
        return new LedgerAppend
        {
            Run = to,
            NewAttempt = opens,
            Attempt = opens ? Attempt(to.Id, to.OpenAttempt!.Value)
                : ends ? Attempt(to.Id, from.OpenAttempt!.Value) with { EndedAt = Start.AddSeconds(10), ExitCode = 0, Reason = new Reason("success", "It is done.") }
                : null,
        };
    }

    public static AttemptRow Attempt(RunId run, int number = 1) => new()
    {
        Run = run,
        Number = number,
        Node = "node-1",
        Queue = "default",
        ClaimedAt = Start,
    };

    public static EventBatchRow Events(RunId run, long firstSeq, int count) => new(
        run, firstSeq, count, Start, 1, Encoding.UTF8.GetBytes($"[{string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"type":"text","n":{{firstSeq + i}}}"""))}]"));

    public static UsageRow Spent(RunId run, string message, long tokens, int attempt = 1) => new(
        run, attempt, message, "model-1", null, Start, new TokenUsage { InputTokens = tokens, OutputTokens = 1, CostUsd = 0.0012m });

    public static TranscriptChunk Chunk(RunId run, long offset, string text, int attempt = 1) =>
        new(run, attempt, OutputStream.Stdout, offset, Encoding.UTF8.GetBytes(text));

    public static AuditRow Audit(RunId run, string action = "start") => new(run, Start, "alice", action, """{"k":1}""", "c-1");

    public static CommandRow Command(RunId run, string kind = "message") => new()
    {
        Run = run,
        Id = Guid.CreateVersion7(),
        Kind = kind,
        Caller = "alice",
        At = Start,
        Text = "hello",
    };

    public static IdempotencyRow Key(RunId run, string key) => new("alice", key, [1, 2, 3], run, Start.AddDays(1));
}
