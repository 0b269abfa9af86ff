namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A row of <c>attempts</c>, as far as promises are judged by it.</summary>
internal sealed record LedgerAttempt
{
    public required Guid Run { get; init; }

    public required int Number { get; init; }

    public required string Node { get; init; }

    public required string Queue { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string? Reason { get; init; }

    public required bool Leaked { get; init; }

    public required long StdoutOffset { get; init; }

    public required long StderrOffset { get; init; }

    public required Numbers Numbers { get; init; }
}
