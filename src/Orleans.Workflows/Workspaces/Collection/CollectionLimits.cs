namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>How long and how much is kept of runs that are over. Null: no limit.</summary>
public sealed record CollectionLimits
{
    public TimeSpan? AttemptsAge { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan? AgentHomeAge { get; init; } = TimeSpan.FromDays(7);

    public TimeSpan? WorkspaceAge { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Of a run that the ledger does not know, nothing younger goes: its database may come back.</summary>
    public TimeSpan? UnknownAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Nothing younger goes for its size: a run can be continued for that long.</summary>
    public TimeSpan LeastAge { get; init; } = TimeSpan.FromHours(24);

    /// <summary>All entries together, in bytes; above it the oldest go first.</summary>
    public long? TotalBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    public TimeSpan? AgeOf(CollectionKind kind) => kind switch
    {
        CollectionKind.Attempts => AttemptsAge,
        CollectionKind.AgentHome => AgentHomeAge,
        _ => WorkspaceAge,
    };
}
