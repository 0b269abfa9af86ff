namespace Orleans.Workflows.Nodes;

/// <summary>A machine or container with its own state directory, as it stands in the ledger.</summary>
public sealed record NodeInfo
{
    /// <summary>The id that outlives its silo process.</summary>
    public required string Name { get; init; }

    public required NodeStatus Status { get; init; }

    /// <summary>Where its silo listens for other silos; null when it stopped.</summary>
    public string? Address { get; init; }

    /// <summary>Attempts at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Attempts that have not ended.</summary>
    public required int Running { get; init; }

    /// <summary>What the silo itself says; null when it does not answer.</summary>
    public string? Version { get; init; }

    /// <summary>What it does, as its silo says; null when it does not answer.</summary>
    public NodeRole? Role { get; init; }

    /// <summary>What it has that runs may need, as its silo says; null when it does not answer.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>When its silo process started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last renewed its lease, or stopped.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Until when it counts as alive without renewing.</summary>
    public required DateTimeOffset LeaseUntil { get; init; }

    /// <summary>Who declared it lost, and why; null where nobody did, or it has come back since.</summary>
    public NodeLossInfo? Loss { get; init; }
}
