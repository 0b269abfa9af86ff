using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>What an attempt has used so far, of what limits count. Told again and again while it runs, and at its end: each time all of it, so that a repeat counts once.</summary>
[GenerateSerializer, Immutable, Alias("attempt-usage")]
public sealed record AttemptUsage([property: Id(0)] RunId Run, [property: Id(1)] int Attempt)
{
    [Id(2)] public required string Queue { get; init; }

    /// <summary>By what the run counts, as stored with it.</summary>
    [Id(3)] public string? Demand { get; init; }

    /// <summary>As <see cref="LimitMeasure.Tokens"/> counts them; null: unknown.</summary>
    [Id(4)] public long? Tokens { get; init; }

    /// <summary>Null: unknown.</summary>
    [Id(5)] public decimal? CostUsd { get; init; }

    /// <summary>It has durably ended: it uses no more.</summary>
    [Id(6)] public bool HasEnded { get; init; }
}
