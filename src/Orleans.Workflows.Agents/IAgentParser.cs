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

    /// <summary>All state, small (under 8 KB), for <see cref="IAgentAdapter.CreateParser"/>.</summary>
    byte[] Snapshot();
}
