namespace Orleans.Workflows.Admission.Limits;

/// <summary>How much of a limit is used.</summary>
/// <param name="Key">Null: all that match together.</param>
/// <param name="Used">Runs that hold a slot now, or starts in the last period.</param>
/// <param name="Waiting">Runs that wait, whatever else holds them back.</param>
/// <param name="OpensAt">When a rate allows the next start; null: now, or it is no rate.</param>
[GenerateSerializer, Immutable, Alias("limit-use")]
public sealed record LimitUse([property: Id(0)] string? Key, [property: Id(1)] int Used, [property: Id(2)] int Waiting, [property: Id(3)] DateTimeOffset? OpensAt);
