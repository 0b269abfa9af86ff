using System.Runtime.CompilerServices;
using Orleans.Workflows.Admission.Constraints;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>The limits that a start has to pass. Equal when they are the same ones, so that runs which differ in nothing that is limited wait together.</summary>
internal sealed class LimitSet : IEquatable<LimitSet>
{
    private readonly LimitConstraint[] _limits;
    private readonly int _hash;

    public LimitSet(LimitConstraint[] limits)
    {
        _limits = limits;
        var hash = new HashCode();
        foreach (var limit in limits)
        {
            hash.Add(RuntimeHelpers.GetHashCode(limit));
        }

        _hash = hash.ToHashCode();
    }

    public ReadOnlySpan<LimitConstraint> Span => _limits;

    /// <summary>One that lets nobody start; null: none.</summary>
    public LimitConstraint? Closed
    {
        get
        {
            foreach (var limit in _limits)
            {
                if (!limit.HasRoom)
                {
                    return limit;
                }
            }

            return null;
        }
    }

    /// <summary>One that lets nobody join those who wait; null: none.</summary>
    public LimitConstraint? Full => Array.Find(_limits, limit => !limit.HasPlace);

    /// <summary>Lanes and slots keep what they use from being forgotten.</summary>
    public void Use(int more)
    {
        foreach (var limit in _limits)
        {
            limit.Uses += more;
        }
    }

    public void Join(int runs)
    {
        foreach (var limit in _limits)
        {
            limit.Join(runs);
        }
    }

    public void Leave(int runs)
    {
        foreach (var limit in _limits)
        {
            limit.Leave(runs);
        }
    }

    public void Depart()
    {
        foreach (var limit in _limits)
        {
            limit.Depart();
        }
    }

    public bool Equals(LimitSet? other) => other is not null && _limits.AsSpan().SequenceEqual(other._limits);

    public override bool Equals(object? obj) => Equals(obj as LimitSet);

    public override int GetHashCode() => _hash;
}
