using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Api.Limits;

/// <summary>A limit as it is put; see <see cref="LimitSpec"/>.</summary>
public sealed record LimitRequest
{
    public required LimitDimension Dimension { get; init; }

    public LimitMeasure Measure { get; init; } = LimitMeasure.Concurrency;

    /// <summary>Must be there, so that leaving it out lifts nothing.</summary>
    public required decimal? Value { get; init; }

    public string? Key { get; init; }

    public string? Label { get; init; }

    public double? PeriodSeconds { get; init; }

    public bool Shared { get; init; }

    public bool Reject { get; init; }

    /// <summary>Why; kept with the change.</summary>
    public string? Note { get; init; }

    internal LimitSpec ToSpec() => new() { Dimension = Dimension, Measure = Measure, Value = Value, Key = Key, Label = Label, PeriodSeconds = PeriodSeconds, Shared = Shared, Reject = Reject };
}
