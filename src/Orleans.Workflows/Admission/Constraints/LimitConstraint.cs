using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>A rule over one key, or over all of its keys together.</summary>
/// <param name="rule">As it was when this was made: only its value changes in place.</param>
/// <param name="key">The key that it counts; null: all that match.</param>
internal abstract class LimitConstraint(LimitRule rule, string? key, TimeProvider time) : Constraint
{
    private readonly Departures _departures = new(time);

    public LimitRule Rule { get; set; } = rule;

    public string? Key => key;

    /// <summary>How much of its value is used.</summary>
    public abstract int Used { get; }

    /// <summary>Runs that wait, and those that were told that they may and are on their way.</summary>
    public int Waiting { get; private set; }

    /// <summary>When the next start is allowed, as a timestamp; null: now, or not by time alone.</summary>
    public virtual long? OpensAt => null;

    /// <summary>Nothing would be lost if it were forgotten.</summary>
    public virtual bool IsEmpty => true;

    /// <summary>Whether a new run may join those that wait. Where they would have to wait for this, they count as if they ran.</summary>
    public bool HasPlace => !Rule.Rejects || Rule.Value is not { } limit || Demanded < limit;

    /// <summary>Until a new run is likely to have a place.</summary>
    public TimeSpan PlaceIn => _departures.TimeFor(Demanded - (Rule.Value ?? 0) + 1);

    private int Demanded => Rule.Measure is LimitMeasure.Waiting ? Waiting : Used + Waiting;

    /// <summary>A run has a slot from now on.</summary>
    /// <param name="isStart">It starts now; else it was found running.</param>
    public abstract void Take(bool isStart);

    /// <summary>A run counts here no more.</summary>
    /// <param name="isEnd">Its slot is free again; else it counts elsewhere.</param>
    public virtual void Give(bool isEnd)
    {
        if (isEnd && Rule.Rejects && Rule.Measure is not LimitMeasure.Waiting)
        {
            _departures.Note();
        }
    }

    public void Join(int runs = 1) => Waiting += runs;

    public void Leave(int runs = 1) => Waiting -= runs;

    /// <summary>One starts, or waits no more: a place becomes free.</summary>
    public void Depart()
    {
        Leave();
        if (Rule.Measure is LimitMeasure.Waiting)
        {
            _departures.Note();
        }
    }
}
