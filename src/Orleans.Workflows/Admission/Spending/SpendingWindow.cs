namespace Orleans.Workflows.Admission.Spending;

/// <summary>
/// What was used of something in the last period, and what running attempts have reserved of it. What is used counts for a whole
/// period from then on, and at most a 256th of one longer: so no window of a period has more than is counted, however much
/// comes, in 258 numbers.
/// </summary>
internal sealed class SpendingWindow(TimeSpan period, TimeProvider time)
{
    private const int Parts = 256;

    private readonly long _period = (long)(period.TotalSeconds * time.TimestampFrequency);
    private readonly Queue<Part> _parts = [];
    private Part? _last;
    private decimal _used;

    /// <summary>What is reserved and not used yet.</summary>
    public decimal Reserved { get; private set; }

    /// <summary>Runs that wait under any constraint over this.</summary>
    public int Waiting { get; set; }

    /// <summary>All that count in it, each for those who ask for another amount.</summary>
    public HashSet<SpendingConstraint> Constraints { get; } = [];

    /// <summary>Who alone may have what is left; null: anybody.</summary>
    public SpendingConstraint? KeptFor { get; set; }

    public decimal Used
    {
        get
        {
            var now = time.GetTimestamp();
            while (_parts.TryPeek(out var part) && part.Until <= now)
            {
                _used -= part.Amount;
                _parts.Dequeue();
            }

            return _used;
        }
    }

    public bool IsEmpty => Used == 0 && Reserved == 0;

    /// <summary>Something was used.</summary>
    /// <param name="at">As a timestamp; not before what was added last.</param>
    /// <param name="amount">Zero or more.</param>
    public void Add(long at, decimal amount)
    {
        var width = Math.Max(1, _period / Parts);
        var until = ((at / width) + 1) * width + _period;
        if (_last is null || _parts.Count == 0 || until > _last.Until)
        {
            _parts.Enqueue(_last = new(until));
        }

        _last.Amount += amount;
        _used += amount;
    }

    /// <summary>Is reserved from now on; below zero: no more.</summary>
    public void Reserve(decimal amount) => Reserved += amount;

    /// <summary>Forgets what was used and what is reserved.</summary>
    public void Clear()
    {
        _parts.Clear();
        (_last, _used, Reserved) = (null, 0, 0);
    }

    /// <summary>Whether so much more may be reserved. More than the whole limit only while nothing else counts, or it never could.</summary>
    public bool Fits(decimal limit, decimal amount) => Fits(limit, amount, Used + Reserved);

    /// <summary>When so much more may be reserved by time alone, as a timestamp; null: now, or not by time alone.</summary>
    public long? OpensAt(decimal limit, decimal amount)
    {
        var counted = Used + Reserved;
        if (Fits(limit, amount, counted))
        {
            return null;
        }

        foreach (var part in _parts)
        {
            counted -= part.Amount;
            if (Fits(limit, amount, counted))
            {
                return part.Until;
            }
        }

        return null;
    }

    private static bool Fits(decimal limit, decimal amount, decimal counted) =>
        limit > 0 && (counted == 0 || (counted < limit && counted + amount <= limit));

    private sealed class Part(long until)
    {
        public long Until => until;

        public decimal Amount { get; set; }
    }
}
