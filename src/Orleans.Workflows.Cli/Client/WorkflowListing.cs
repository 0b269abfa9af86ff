using System.Text.Json;

namespace Orleans.Workflows.Cli.Client;

/// <summary>A workflow as the server knows it, as far as it is shown.</summary>
internal sealed record WorkflowListing
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Agent { get; init; }

    public string? Model { get; init; }

    public int? MaxTurns { get; init; }

    public long? TimeoutMs { get; init; }

    public long? MemoryLimitBytes { get; init; }

    public decimal? BudgetUsd { get; init; }

    public string? PermissionMode { get; init; }

    public string? Workspace { get; init; }

    public string? Queue { get; init; }

    public IReadOnlyList<string>? Needs { get; init; }

    public int? MaximumAttempts { get; init; }

    public JsonElement? InputSchema { get; init; }

    public string? Hash { get; init; }

    /// <summary>What is wrong with its folder now.</summary>
    public IReadOnlyList<WorkflowFault> Problems { get; init; } = [];
}
