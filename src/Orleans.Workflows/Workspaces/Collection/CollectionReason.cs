namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>Why an entry goes.</summary>
public enum CollectionReason
{
    None = 0,

    /// <summary>It is older than its kind is kept.</summary>
    Age = 1,

    /// <summary>All entries together are larger than allowed, and it is the least recently used.</summary>
    Size = 2,

    /// <summary>The ledger does not know its run, and it is older than such things are kept.</summary>
    Unknown = 3,
}
