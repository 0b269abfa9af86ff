namespace Orleans.Workflows.Agents;

/// <summary>What a run of lines meant: events for the run's history and usage for its numbers. Reused by its pump.</summary>
public sealed class AgentEventBatch
{
    public List<AgentEvent> Events { get; } = [];

    /// <summary>At most one row a model message in a batch: later lines of a message replace earlier ones.</summary>
    public List<UsageEntry> Usage { get; } = [];

    // Lines of one message stand close together, so a row to replace is among the last.
    private const int Near = 96;

    /// <summary>Adds a row, or replaces the one of the same message in this batch.</summary>
    public void Record(UsageEntry entry)
    {
        for (var i = Usage.Count - 1; i >= Math.Max(0, Usage.Count - Near); i--)
        {
            if (Usage[i].MessageId == entry.MessageId)
            {
                Usage[i] = entry;
                return;
            }
        }

        Usage.Add(entry);
    }

    public void Clear()
    {
        Events.Clear();
        Usage.Clear();
    }
}
