namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A row of <c>runs</c>, as far as promises are judged by it.</summary>
internal sealed record LedgerRun
{
    private static readonly string[] Terminal = ["Completed", "Failed", "Canceled", "Terminated", "TimedOut", "Expired"];

    public required Guid Id { get; init; }

    public required string Status { get; init; }

    public required string Agent { get; init; }

    public string? Reason { get; init; }

    /// <summary>As it is stored.</summary>
    public string? Result { get; init; }

    public string? WaitsFor { get; init; }

    public DateTimeOffset? NextDeadline { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public DateTimeOffset? ContinueUntil { get; init; }

    public int? OpenAttempt { get; init; }

    public required Numbers Numbers { get; init; }

    public required bool UsageIncomplete { get; init; }

    /// <summary>Its agent is the real one, which asks the scripted model; scripted agents make up their messages.</summary>
    public bool AsksTheModel => Agent == "claude";

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public string? Tenant { get; init; }

    /// <summary>1, the first, to 5.</summary>
    public int Priority { get; init; } = 3;

    public IReadOnlyList<AskedLock> Locks { get; init; } = [];

    public bool IsTerminal => Terminal.Contains(Status);
}
