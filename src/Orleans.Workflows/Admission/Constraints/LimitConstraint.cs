using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>A rule over one key, or over all of its keys together.</summary>
/// <param name="rule">As it was when this was made: only its value changes in place.</param>
/// <param name="key">The key that it counts; null: all that match.</param>
internal abstract class LimitConstraint(LimitRule rule, string? key, TimeProvider time) : Constraint
{
    private readonly Departures _departures = new(time);

    /// <summary>When those come again who were refused: the next is told to come after them, or all would come for one place.</summary>
    private readonly PriorityQueue<bool, long> _told = new();

    public LimitRule Rule
    {
        get;
        set => (field, Most) = (value, MostOf(value));
    } = rule;

    public string? Key => key;

    /// <summary>How much of its value is used.</summary>
    public abstract decimal Used { get; }

    /// <summary>Runs that wait, and those that were told that they may and are on their way.</summary>
    public virtual int Waiting { get; protected set; }

    /// <summary>When the next start is allowed, as a timestamp; null: now, or not by time alone.</summary>
    public virtual long? OpensAt => null;

    /// <summary>When it will be looked at again; null: that was not asked for.</summary>
    public long? RestsUntil { get; set; }

    /// <summary>Nothing would be lost if it were forgotten.</summary>
    public virtual bool IsEmpty => true;

    /// <summary>Whether a new run may join those that wait. Where they would have to wait for this, they count as if they ran.</summary>
    public virtual bool HasPlace => !Rule.Rejects || Rule.Value is not { } limit || Demanded < limit;

    /// <summary>A new run is refused.</summary>
    /// <returns>Until it is likely to have a place, if those who were refused before it take theirs first. Of them no more count than may wait: few come again for ever.</returns>
    public TimeSpan Refuse()
    {
        var (now, limit) = (time.GetTimestamp(), Rule.Value ?? 0);
        while (_told.TryPeek(out _, out var due) && due <= now)
        {
            _told.Dequeue();
        }

        var wait = _departures.TimeFor(Excess + _told.Count);
        if (_told.Count < limit)
        {
            _told.Enqueue(true, now + (long)(wait.TotalSeconds * time.TimestampFrequency));
        }

        return wait;
    }

    /// <summary>The rule's value in places, as a number that is quick to compare: every choice compares many.</summary>
    protected int Most { get; private set; } = MostOf(rule);

    /// <summary>How many places have to become free for one more.</summary>
    protected virtual int Excess => (int)(Demanded - (Rule.Value ?? 0)) + 1;

    private decimal Demanded => Rule.Measure is LimitMeasure.Waiting ? Waiting : Used + Waiting;

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

    private static int MostOf(LimitRule rule) => rule.Value is { } limit ? (int)Math.Min(limit, int.MaxValue) : int.MaxValue;
}
