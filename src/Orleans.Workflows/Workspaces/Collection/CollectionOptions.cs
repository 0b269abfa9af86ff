namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>When this node frees its disk of what ended runs left, and how much is kept. An empty text in the settings is no limit.</summary>
public sealed class CollectionOptions
{
    private static readonly CollectionLimits Standard = new();

    /// <summary>Whether it does so by itself. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Between two collections; the first is at start. Default 1 h.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Spools and exit records of a run's attempts, since their last change. Default 7 days.</summary>
    public TimeSpan? AttemptsAge { get; set; } = Standard.AttemptsAge;

    /// <summary>An agent's home with its sessions, since its last change. Default 7 days.</summary>
    public TimeSpan? AgentHomeAge { get; set; } = Standard.AgentHomeAge;

    /// <summary>Workspaces, since their last change; work that is neither merged nor pushed stays. Default 14 days.</summary>
    public TimeSpan? WorkspaceAge { get; set; } = Standard.WorkspaceAge;

    /// <summary>
    /// Whatever a run left that the ledger does not know (as with another database, or a restored backup), since its last
    /// change, once past its own age; until then neither age nor size removes it, and the log tells of it. Default 30 days.
    /// </summary>
    public TimeSpan? UnknownAge { get; set; } = Standard.UnknownAge;

    /// <summary>Nothing younger goes for its size. Default 24 h.</summary>
    public TimeSpan LeastAge { get; set; } = Standard.LeastAge;

    /// <summary>Bytes of all of them together, above which the oldest go first. Default 20 GB.</summary>
    public long? TotalBytes { get; set; } = Standard.TotalBytes;

    internal CollectionLimits Limits => new()
    {
        AttemptsAge = AttemptsAge,
        AgentHomeAge = AgentHomeAge,
        WorkspaceAge = WorkspaceAge,
        UnknownAge = UnknownAge,
        LeastAge = LeastAge,
        TotalBytes = TotalBytes,
    };
}
