namespace Orleans.Workflows.Admission.Locks;

/// <summary>The locks that a run holds, all under its latest attempt.</summary>
internal sealed class LockHolding(IReadOnlyList<ResourceLock> locks)
{
    public IReadOnlyList<ResourceLock> Locks => locks;

    /// <summary>The latest attempt that is known; null while a grant may become one.</summary>
    public int? Attempt { get; set; }

    /// <summary>What it was when the grant was given; null: the locks were taken for that grant.</summary>
    public int? Before { get; set; }

    /// <summary>Up to which attempt the locks are known to be free again: this may be told before the claim.</summary>
    public int FreeUpTo { get; set; }
}
