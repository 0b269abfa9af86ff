namespace Orleans.Workflows.Admission.Limits;

/// <summary>How much of a limit is used.</summary>
/// <param name="Key">Null: all that match together.</param>
/// <param name="Used">Runs that hold a slot now; or starts, tokens or US dollars in the last period.</param>
/// <param name="Waiting">Runs that wait, whatever else holds them back.</param>
/// <param name="OpensAt">When a period's limit has room again by time alone; null: now, or not by time alone.</param>
[GenerateSerializer, Immutable, Alias("limit-use")]
public sealed record LimitUse([property: Id(0)] string? Key, [property: Id(1)] decimal Used, [property: Id(2)] int Waiting, [property: Id(3)] DateTimeOffset? OpensAt)
{
    /// <summary>Tokens or US dollars that running attempts have reserved and not used yet. Null: the limit is on something else.</summary>
    [Id(4)] public decimal? Reserved { get; init; }

    /// <summary>What a run like the one that waits reserves. Null: nobody was asked about, or the limit is on something else.</summary>
    [Id(5)] public decimal? Asks { get; init; }
}
