using System.Runtime.CompilerServices;
using Orleans.Workflows.Admission.Ordering;

namespace Orleans.Workflows.Admission.Locks;

/// <summary>The locks that a start has to take, all of them or none. Equal when they are the same ones in the same modes.</summary>
internal sealed class LockSet : IEquatable<LockSet>
{
    private readonly LockConstraint[] _locks;
    private readonly int _hash;

    /// <param name="locks">By name.</param>
    public LockSet(LockConstraint[] locks)
    {
        _locks = locks;
        var hash = new HashCode();
        foreach (var item in locks)
        {
            hash.Add(RuntimeHelpers.GetHashCode(item));
        }

        _hash = hash.ToHashCode();
    }

    public IReadOnlyList<LockConstraint> Locks => _locks;

    /// <summary>One that is not free for a lane; null: none.</summary>
    public LockConstraint? ClosedFor(Lane lane)
    {
        foreach (var item in _locks)
        {
            if (!item.IsOpenFor(lane))
            {
                return item;
            }
        }

        return null;
    }

    public bool Equals(LockSet? other) => other is not null && _locks.AsSpan().SequenceEqual(other._locks);

    public override bool Equals(object? obj) => Equals(obj as LockSet);

    public override int GetHashCode() => _hash;
}
