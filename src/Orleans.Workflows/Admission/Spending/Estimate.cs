namespace Orleans.Workflows.Admission.Spending;

/// <summary>What one more is likely to use: as much as the upper quartile of the last ones. One that used far more than all others moves it little.</summary>
internal sealed class Estimate
{
    public const int Kept = 20;

    private readonly Queue<decimal> _last = [];

    /// <summary>Null: none has been seen.</summary>
    public decimal? Value { get; private set; }

    public void Add(decimal used)
    {
        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        _last.Enqueue(used);
        var sorted = _last.Order().ToArray();
        Value = sorted[((3 * sorted.Length) - 1) / 4];
    }
}
