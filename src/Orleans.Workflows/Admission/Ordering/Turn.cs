namespace Orleans.Workflows.Admission.Ordering;

/// <summary>
/// Whose turn it is among the keys that share: start-time fair queueing. A key's tag grows by 1/weight with each start of its,
/// and the lowest tag is next. One that had nothing waiting gets no credit for it: it begins where the others are.
/// </summary>
/// <param name="weight">Starts for each start of a key with weight 1.</param>
/// <param name="clock">Where the others of its level are.</param>
internal sealed class Turn(double weight, TurnClock clock)
{
    private int _lanes;

    public double Tag { get; private set; }

    public bool IsIdle => _lanes == 0;

    public void Join()
    {
        if (_lanes++ == 0)
        {
            Tag = Math.Max(Tag, clock.Now);
        }
    }

    public void Leave() => _lanes--;

    public void Serve()
    {
        // One that was held back did not use its turns: they are not owed to it.
        var start = Math.Max(Tag, clock.Now);
        clock.Now = start;
        Tag = start + 1 / weight;
    }
}
