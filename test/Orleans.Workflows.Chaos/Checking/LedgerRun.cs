namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A row of <c>runs</c>, as far as promises are judged by it.</summary>
internal sealed record LedgerRun
{
    private static readonly string[] Terminal = ["Completed", "Failed", "Canceled", "Terminated", "TimedOut", "Expired"];

    public required Guid Id { get; init; }

    public required string Status { get; init; }

    public string? Reason { get; init; }

    public string? WaitsFor { get; init; }

    public DateTimeOffset? NextDeadline { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? ContinueUntil { get; init; }

    public int? OpenAttempt { get; init; }

    public required Numbers Numbers { get; init; }

    public required bool UsageIncomplete { get; init; }

    public bool IsTerminal => Terminal.Contains(Status);
}
