using System.Text.Json;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Api.Workflows;

/// <summary>A workflow as callers see it. Values of its environment are not told, only their names.</summary>
public sealed record WorkflowDocument
{
    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Agent { get; init; }

    /// <summary>Null: the agent's own default.</summary>
    public string? Model { get; init; }

    public int? MaxTurns { get; init; }

    public required long TimeoutMs { get; init; }

    /// <summary>How long one attempt may run; null: no limit but the run's.</summary>
    public long? AttemptTimeoutMs { get; init; }

    /// <summary>What the processes of one attempt may use together; null: as the node's settings say.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>Null: it waits as long as it takes.</summary>
    public long? QueueTimeoutMs { get; init; }

    public decimal? BudgetUsd { get; init; }

    public string? PermissionMode { get; init; }

    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary><c>temporary</c>, <c>directory</c> or <c>worktree</c>.</summary>
    public required string Workspace { get; init; }

    public required string Queue { get; init; }

    /// <summary>Labels that a node must have to run it.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public required int MaximumAttempts { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>A JSON schema, or null: any object.</summary>
    public JsonElement? InputSchema { get; init; }

    public JsonElement? OutputSchema { get; init; }

    /// <summary>SHA-256 of its content; runs pin it.</summary>
    public required string Hash { get; init; }

    /// <summary>What is wrong with its folder now; then this is what it was before.</summary>
    public IReadOnlyList<WorkflowProblem> Problems { get; init; } = [];

    internal static WorkflowDocument From(CompiledWorkflow workflow, CatalogSnapshot snapshot)
    {
        var definition = workflow.Definition;
        return new()
        {
            Name = definition.Name,
            Description = definition.Description,
            Agent = definition.Agent,
            Model = definition.Model,
            MaxTurns = definition.MaxTurns,
            TimeoutMs = (long)definition.Timeout.TotalMilliseconds,
            AttemptTimeoutMs = (long?)definition.AttemptTimeout?.TotalMilliseconds,
            MemoryLimitBytes = definition.MemoryLimit,
            QueueTimeoutMs = (long?)definition.QueueTimeout?.TotalMilliseconds,
            BudgetUsd = definition.BudgetUsd,
            PermissionMode = definition.PermissionMode,
            AllowedTools = definition.AllowedTools,
            DisallowedTools = definition.DisallowedTools,
            Environment = [.. definition.Environment.Keys.Order(StringComparer.Ordinal)],
            Workspace = definition.Workspace.Kind.ToString().ToLowerInvariant(),
            Queue = definition.Queue,
            Needs = definition.Needs,
            MaximumAttempts = definition.Retry.MaximumAttempts,
            Labels = definition.Labels,
            InputSchema = definition.InputSchema is { } input ? JsonElement.Parse(input) : null,
            OutputSchema = definition.OutputSchema is { } output ? JsonElement.Parse(output) : null,
            Hash = workflow.Hash,
            Problems = [.. snapshot.Problems.Where(problem => problem.Workflow == definition.Name)],
        };
    }
}
