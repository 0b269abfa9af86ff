using Orleans.Workflows.Admission.Limits;

namespace Orleans.Workflows.Api.Holds;

/// <summary>Which hold is released.</summary>
public sealed record HoldReleaseRequest
{
    public required LimitDimension Dimension { get; init; }

    public string? Key { get; init; }

    public string? Label { get; init; }

    /// <summary>Why; kept with the change.</summary>
    public string? Note { get; init; }
}
