using System.Text.Json;

namespace Orleans.Workflows.Cli.Client;

/// <summary>One page of a run's history, oldest first.</summary>
internal sealed record EventPage
{
    public IReadOnlyList<JsonElement> Items { get; init; } = [];

    /// <summary>The last number of this page; the next one begins after it.</summary>
    public long? NextAfter { get; init; }
}
