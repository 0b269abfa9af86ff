using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Reading;

/// <summary>What the totals need of an ended run.</summary>
public sealed record EndedRunRow
{
    public required int Writer { get; init; }
    public required long WriterSeq { get; init; }
    public required RunId Run { get; init; }
    public required string? Workflow { get; init; }
    public required string Agent { get; init; }
    public required string Queue { get; init; }
    public required RunStatus Status { get; init; }
    public required string ReasonCode { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset EndedAt { get; init; }
    public required int Attempts { get; init; }
    public required int? Turns { get; init; }
    public required int? ToolCalls { get; init; }
    public required TokenUsage Usage { get; init; }
    public required bool UsageIncomplete { get; init; }
    public required long? ApiMs { get; init; }
    public required string? Details { get; init; }
}
