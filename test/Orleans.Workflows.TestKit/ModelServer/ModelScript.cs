namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>
/// What the scripted model answers. The steps fall into turns, each ended by a <see cref="ModelReply"/>; the turn of a
/// request is the number of assistant messages in it, so a resumed or continued agent goes on where it stood, on any
/// server. Past the end the last turn repeats.
/// </summary>
public sealed record ModelScript(params IReadOnlyList<ModelStep> Steps)
{
    /// <summary>
    /// Agents ask for titles and summaries beside their work, in requests that offer no tools and no output schema. Those
    /// get <see cref="AuxiliaryText"/> and are marked. True for agents that are started without tools.
    /// </summary>
    public bool TurnsComeWithoutTools { get; init; }

    public string AuxiliaryText { get; init; } = "scripted title";

    /// <summary>What every <c>count_tokens</c> request gets. Default 1000.</summary>
    public int CountedTokens { get; init; } = 1000;
}
