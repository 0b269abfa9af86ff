namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>Whether anything that a run left may still be needed.</summary>
public enum CollectionUse
{
    /// <summary>It runs, waits, or may be continued; or something works there.</summary>
    Needed = 0,

    /// <summary>It and its session are over.</summary>
    Over = 1,

    /// <summary>The ledger does not know it: deleted there, or another database's, or of a time that a restored one does not hold.</summary>
    Unknown = 2,
}
