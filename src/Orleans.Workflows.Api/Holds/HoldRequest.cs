using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Api.Holds;

/// <summary>A hold as it is put; see <see cref="HoldSpec"/>.</summary>
public sealed record HoldRequest
{
    public required LimitDimension Dimension { get; init; }

    public string? Key { get; init; }

    public string? Label { get; init; }

    public required string Reason { get; init; }

    public DateTimeOffset? Until { get; init; }

    internal HoldSpec ToSpec() => new() { Dimension = Dimension, Key = Key, Label = Label, Reason = Reason, Until = Until };
}
