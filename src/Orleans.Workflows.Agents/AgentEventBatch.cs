namespace Orleans.Workflows.Agents;

/// <summary>What a run of lines meant: events for the run's history and usage for its numbers. Reused by its pump.</summary>
public sealed class AgentEventBatch
{
    public List<AgentEvent> Events { get; } = [];

    /// <summary>At most one row a model message in a batch: later lines of a message replace earlier ones.</summary>
    public List<UsageEntry> Usage { get; } = [];

    public void Clear()
    {
        Events.Clear();
        Usage.Clear();
    }
}
