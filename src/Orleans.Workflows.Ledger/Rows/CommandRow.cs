using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A request to a run: message, cancel, terminate. Unique by id, so a repeated one is a no-op.</summary>
public sealed record CommandRow
{
    public required RunId Run { get; init; }

    public required Guid Id { get; init; }

    /// <summary><c>message</c>, <c>cancel</c>, <c>terminate</c>.</summary>
    public required string Kind { get; init; }

    public required string Caller { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Text of a message, reason of a termination.</summary>
    public string? Text { get; init; }

    /// <summary>When it took effect; null while pending.</summary>
    public DateTimeOffset? HandledAt { get; init; }

    /// <summary><c>delivered</c>, <c>refused</c>, <c>ended</c>…</summary>
    public string? Outcome { get; init; }
}
