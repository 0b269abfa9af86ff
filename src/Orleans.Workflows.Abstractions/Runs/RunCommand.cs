namespace Orleans.Workflows.Runs;

/// <summary>A request to a run. The id makes it idempotent: a repeat answers what the first did.</summary>
[GenerateSerializer, Immutable, Alias("run-command")]
public sealed record RunCommand
{
    [Id(0)] public required Guid Id { get; init; }

    [Id(1)] public required string Caller { get; init; }

    [Id(2)] public required string CorrelationId { get; init; }

    /// <summary>A message's text, or why it is canceled, terminated, paused or resumed.</summary>
    [Id(3)] public string? Text { get; init; }
}
