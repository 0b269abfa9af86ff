namespace Orleans.Workflows.Runs;

/// <summary>What a continuation changes of the run that it continues. Null keeps.</summary>
public sealed record ContinueRunRequest
{
    /// <summary>What to do next, in the same session; null says "Continue.".</summary>
    public string? Message { get; init; }

    /// <summary>Turns of the continuation, 1 to 1,000.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>Seconds, 1 to 86,400.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>US dollars for the continuation.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <inheritdoc cref="StartRunRequest.MemoryLimitBytes"/>
    public long? MemoryLimitBytes { get; init; }
}
