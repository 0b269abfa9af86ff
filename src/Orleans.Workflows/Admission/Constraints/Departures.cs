namespace Orleans.Workflows.Admission.Constraints;

/// <summary>How fast places become free, by the last of them.</summary>
internal sealed class Departures(TimeProvider time)
{
    private const int Kept = 32;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    /// <summary>Where none has been seen.</summary>
    private static readonly TimeSpan Unknown = TimeSpan.FromSeconds(30);

    private readonly Queue<long> _last = [];

    public void Note()
    {
        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        _last.Enqueue(time.GetTimestamp());
    }

    /// <summary>How long so many more are likely to take: as long as so many took until now, so that a stop shows.</summary>
    public TimeSpan TimeFor(int count)
    {
        if (_last.Count == 0)
        {
            return Unknown;
        }

        var wait = time.GetElapsedTime(_last.Peek()) / _last.Count * Math.Max(1, count);
        return wait < Least ? Least : wait > Most ? Most : wait;
    }
}
