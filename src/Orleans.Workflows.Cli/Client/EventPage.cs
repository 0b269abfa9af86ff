using System.Text.Json;

namespace Orleans.Workflows.Cli.Client;

/// <summary>One page of a run's history, oldest first.</summary>
internal sealed record EventPage
{
    public IReadOnlyList<JsonElement> Items { get; init; } = [];

    /// <summary>What the next page begins after.</summary>
    public long NextAfter { get; init; }

    /// <summary>More stands already.</summary>
    public bool HasMore { get; init; }
}
