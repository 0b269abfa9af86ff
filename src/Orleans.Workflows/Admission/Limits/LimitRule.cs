namespace Orleans.Workflows.Admission.Limits;

/// <summary>A <see cref="LimitSpec"/> by its name, as admission counts by it.</summary>
internal sealed record LimitRule(string Name, LimitDimension Dimension, LimitMeasure Measure, decimal? Value)
{
    /// <inheritdoc cref="LimitSpec.Key"/>
    public string Key { get; init; } = "*";

    /// <inheritdoc cref="LimitSpec.Label"/>
    public string? Label { get; init; }

    /// <summary>Of <see cref="LimitMeasure.Starts"/>, <see cref="LimitMeasure.Tokens"/> and <see cref="LimitMeasure.CostUsd"/>.</summary>
    public TimeSpan Period { get; init; }

    /// <inheritdoc cref="LimitSpec.Shared"/>
    public bool IsShared { get; init; }

    /// <summary>New runs that find it reached are refused.</summary>
    public bool Rejects { get; init; }

    /// <summary>From the settings: one of the same key that was put hides it.</summary>
    public bool IsSetting { get; init; }

    /// <summary>On what attempts use, which is known only after their starts.</summary>
    public bool IsOnUsage => Measure is LimitMeasure.Tokens or LimitMeasure.CostUsd;

    /// <summary>About one key.</summary>
    public bool IsExact => !Key.EndsWith('*');

    /// <summary>Higher is more specific: a key, then the longest beginning.</summary>
    public int Specificity => IsExact ? int.MaxValue : Key.Length;

    public static LimitRule Of(string name, LimitSpec spec) => new(name, spec.Dimension, spec.Measure, spec.Value)
    {
        Key = spec.Key ?? "*",
        Label = spec.Label,
        Period = TimeSpan.FromSeconds(spec.PeriodSeconds ?? 0),
        IsShared = spec.Shared,
        Rejects = spec.Reject || spec.Measure is LimitMeasure.Waiting,
    };

    public LimitSpec ToSpec() => new()
    {
        Dimension = Dimension,
        Measure = Measure,
        Value = Value,
        Key = Key,
        Label = Label,
        PeriodSeconds = Period == TimeSpan.Zero ? null : Period.TotalSeconds,
        Shared = IsShared,
        Reject = Rejects && Measure is not LimitMeasure.Waiting,
    };

    public bool Matches(string key) =>
        IsExact ? string.Equals(Key, key, StringComparison.Ordinal) : key.AsSpan().StartsWith(Key.AsSpan(0, Key.Length - 1), StringComparison.Ordinal);

    /// <summary>The two can't both hold for a run.</summary>
    public bool Hides(LimitRule other) =>
        Name != other.Name && Dimension == other.Dimension && Measure == other.Measure && Label == other.Label && Key == other.Key;
}
