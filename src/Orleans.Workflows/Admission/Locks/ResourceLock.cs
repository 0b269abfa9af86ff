using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>A lock while somebody holds it or waits for it.</summary>
internal sealed class ResourceLock
{
    public ResourceLock(string name)
    {
        Name = name;
        (Exclusive, Shared) = (new(this, LockMode.Exclusive), new(this, LockMode.Shared));
    }

    public string Name { get; }

    public Dictionary<RunId, LockMode> Holders { get; } = [];

    /// <summary>What those who want it alone wait for.</summary>
    public LockConstraint Exclusive { get; }

    /// <summary>What those who would share it wait for.</summary>
    public LockConstraint Shared { get; }

    public bool IsHeldAlone => Holders.ContainsValue(LockMode.Exclusive);

    /// <summary>Nobody holds it or asks for it.</summary>
    public bool IsIdle => Holders.Count == 0 && Exclusive.Uses == 0 && Shared.Uses == 0;

    public LockConstraint For(LockMode mode) => mode is LockMode.Exclusive ? Exclusive : Shared;
}
