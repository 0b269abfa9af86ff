using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>A rule over one key, or over all of its keys together.</summary>
/// <param name="rule">As it was when this was made: only its value changes in place.</param>
/// <param name="key">The key that it counts; null: all that match.</param>
internal abstract class LimitConstraint(LimitRule rule, string? key) : Constraint
{
    public LimitRule Rule { get; set; } = rule;

    public string? Key => key;

    /// <summary>How much of its value is used.</summary>
    public abstract int Used { get; }

    /// <summary>When the next start is allowed, as a timestamp; null: now, or not by time alone.</summary>
    public virtual long? OpensAt => null;

    /// <summary>Nothing would be lost if it were forgotten.</summary>
    public virtual bool IsEmpty => true;

    /// <summary>A run has a slot from now on.</summary>
    /// <param name="isStart">It starts now; else it was found running.</param>
    public abstract void Take(bool isStart);

    /// <summary>Its slot is free again.</summary>
    public virtual void Give()
    {
    }
}
