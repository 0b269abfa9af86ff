using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Workflows.Runs;

/// <summary>
/// A run's resolved request, stored with it: everything that does not stand in its pinned definition. Holds references to
/// secrets at most, never a secret.
/// </summary>
internal sealed record RunSpec
{
    /// <summary>The first message, rendered.</summary>
    public string Prompt { get; init; } = "";

    public string? SystemPrompt { get; init; }

    public string? Model { get; init; }

    public int? MaxTurns { get; init; }

    public decimal? BudgetUsd { get; init; }

    /// <summary>From the first start to the forced end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    public Dictionary<string, string>? Environment { get; init; }

    public string? Repository { get; init; }

    public string? BaseBranch { get; init; }

    public string? Branch { get; init; }

    public string? Directory { get; init; }

    public List<string>? Command { get; init; }

    public Dictionary<string, string>? Options { get; init; }

    /// <summary>1 is no retry.</summary>
    public int MaximumAttempts { get; init; } = 1;

    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(5);

    public double BackoffCoefficient { get; init; } = 2;

    public TimeSpan MaximumRetryInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The run that this one continues.</summary>
    public RunId? ContinuedFrom { get; init; }

    /// <summary>Continues the session of <see cref="ContinuedFrom"/> rather than opening a new one.</summary>
    public bool Resume { get; init; }

    /// <summary>Workspace of <see cref="ContinuedFrom"/>, taken over.</summary>
    public string? Workspace { get; init; }

    /// <summary>What the session's counters stood at, by model; null when not known or not to be carried.</summary>
    public Dictionary<string, Usage.TokenUsage>? BaselineModels { get; init; }

    public decimal? BaselineCostUsd { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Default.RunSpec);

    public static RunSpec FromJson(string json) => JsonSerializer.Deserialize(json, RunJson.Default.RunSpec)!;
}
