namespace Orleans.Workflows.Agents;

/// <summary>
/// Reads one attempt's stdout line by line. Never throws on what an agent prints: unknown types and fields are skipped,
/// a broken line is counted. Not thread-safe: one pump owns it.
/// </summary>
public interface IAgentParser
{
    /// <summary>Reads one line, without its newline, and appends what it means to <paramref name="sink"/>.</summary>
    void Parse(ReadOnlySpan<byte> line, AgentEventBatch sink);

    /// <summary>Counts a line that was longer than the limit and so was not parsed.</summary>
    void Skip(long length, AgentEventBatch sink);

    /// <summary>Where the attempt stands after the lines read so far.</summary>
    AgentProgress Progress { get; }

    /// <summary>
    /// All state for <see cref="IAgentAdapter.CreateParser"/>: the same state gives the same bytes. A few KB while the agent
    /// works; after a result it also holds the final text and structured output (at most 1 MB each) until the next turn begins.
    /// </summary>
    byte[] Snapshot();
}
