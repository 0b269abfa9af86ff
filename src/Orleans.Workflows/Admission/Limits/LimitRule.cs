namespace Orleans.Workflows.Admission.Limits;

/// <summary>How much of something runs with a key may have. Of the rules of one dimension and measure the most specific one holds for a run.</summary>
/// <param name="Name">By which it is set and shown, and which a waiting run names.</param>
/// <param name="Dimension">What it counts by.</param>
/// <param name="Measure">What it counts.</param>
/// <param name="Value">At most so many; null lifts what a less specific rule says.</param>
internal sealed record LimitRule(string Name, LimitDimension Dimension, LimitMeasure Measure, int? Value)
{
    /// <summary>A key; a beginning with a star behind (<c>acme/*</c>); or a star alone, the default, for every key.</summary>
    public string Key { get; init; } = "*";

    /// <summary>The label's name, of a rule over labels.</summary>
    public string? Label { get; init; }

    /// <summary>Of <see cref="LimitMeasure.Starts"/>.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>All keys that match count together. Default: each key has the whole value.</summary>
    public bool IsShared { get; init; }

    /// <summary>Higher is more specific: a key, then the longest beginning.</summary>
    public int Specificity => Key.EndsWith('*') ? Key.Length : int.MaxValue;

    public bool Matches(string key) =>
        Key.EndsWith('*') ? key.AsSpan().StartsWith(Key.AsSpan(0, Key.Length - 1), StringComparison.Ordinal) : string.Equals(Key, key, StringComparison.Ordinal);
}
