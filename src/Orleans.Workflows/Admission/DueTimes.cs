using System.Diagnostics.CodeAnalysis;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

/// <summary>
/// When runs are to be woken, soonest first. Every step takes logarithmic time, and what is withdrawn takes no more memory:
/// a run that waits with a due time costs about 130 bytes, one without costs nothing.
/// </summary>
internal sealed class DueTimes
{
    private readonly Dictionary<RunId, long> _times = [];
    private readonly SortedSet<(long Ticks, RunId Run)> _order = [];

    public int Count => _order.Count;

    public DateTimeOffset? Next => _order.Count == 0 ? null : new(_order.Min.Ticks, TimeSpan.Zero);

    public void Set(RunId run, DateTimeOffset at)
    {
        Remove(run);
        _times.Add(run, at.UtcTicks);
        _order.Add((at.UtcTicks, run));
    }

    public void Remove(RunId run)
    {
        if (_times.Remove(run, out var ticks))
        {
            _order.Remove((ticks, run));
        }
    }

    /// <summary>The soonest run that is due. It is due again at <paramref name="again"/> unless it is removed first, for what is done about it may be lost.</summary>
    public bool TryTake(DateTimeOffset now, DateTimeOffset again, [NotNullWhen(true)] out RunId? run)
    {
        run = _order.Count > 0 && _order.Min.Ticks <= now.UtcTicks ? _order.Min.Run : null;
        if (run is { } due)
        {
            Set(due, again);
        }

        return run is not null;
    }
}
