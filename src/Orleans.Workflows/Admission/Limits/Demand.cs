using System.Text.Json;
using Orleans.Workflows.Admission.Locks;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>What a run asks of admission beside a slot, and by what it is counted. Stored with the run and sent with its offer, as text.</summary>
internal sealed record Demand
{
    public const int HighestPriority = 1;
    public const int DefaultPriority = 3;
    public const int LowestPriority = 5;

    public static Demand None { get; } = new();

    /// <summary>1, the first, to 5.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <summary>Runs with different keys take turns, by <see cref="AdmissionOptions.FairnessWeights"/>; null is a key too.</summary>
    public string? FairnessKey { get; init; }

    public string? Workflow { get; init; }

    public string? Tenant { get; init; }

    public string? Repository { get; init; }

    public string? Credential { get; init; }

    public string? Model { get; init; }

    /// <summary>The kind of the agent; null in runs of older versions.</summary>
    public string? Agent { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>US dollars that one attempt may cost: more than that it never reserves. Null: no bound.</summary>
    public decimal? BudgetUsd { get; init; }

    /// <summary>Locks that it takes with its first start and keeps to its end, by name; null: none. The database's triggers look for this field's name.</summary>
    public IReadOnlyList<LockRequest>? Locks { get; init; }

    /// <summary>Labels that a node must have to run it, in order, each once; null: none.</summary>
    public IReadOnlyList<string>? Needs { get; init; }

    /// <summary>Null where it says nothing.</summary>
    public string? ToJson() => this == None ? null : JsonSerializer.Serialize(this, DemandJson.Default.Demand);

    public static Demand FromJson(string? json) => json is null ? None : JsonSerializer.Deserialize(json, DemandJson.Default.Demand)!;

    /// <summary>The run's key in a dimension; null: what counts or holds by that is not about it.</summary>
    public string? KeyFor(LimitDimension dimension, string? label, string queue) => dimension switch
    {
        LimitDimension.Service => "",
        LimitDimension.Queue => queue,
        LimitDimension.Workflow => Workflow,
        LimitDimension.Tenant => Tenant,
        LimitDimension.Repository => Repository,
        LimitDimension.Credential => Credential,
        LimitDimension.Model => Model,
        LimitDimension.Agent => Agent,
        LimitDimension.Label => label is null ? null : Labels?.GetValueOrDefault(label),
        _ => null,
    };
}
