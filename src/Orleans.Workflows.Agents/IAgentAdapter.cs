namespace Orleans.Workflows.Agents;

/// <summary>
/// All that the engine knows of one kind of agent CLI. Stateless and thread-safe; pure but for finding the binary.
/// What real CLIs do is measured, and each adapter says the version range it was tested with.
/// </summary>
public interface IAgentAdapter
{
    /// <summary>The name that workflows use: <c>claude</c>, <c>command</c>, <c>scripted</c>.</summary>
    string Name { get; }

    AgentCapabilities Capabilities { get; }

    /// <summary>Turns what is asked for into a process to start, or says which field makes that impossible.</summary>
    LaunchPlan BuildLaunch(AgentLaunch launch);

    /// <summary>
    /// Whether a variable of the agent's environment is the adapter's or the workflow author's to set, and no caller's: it
    /// decides what code runs, where state and credentials go, or what the adapter relies on.
    /// </summary>
    bool Reserves(string variable);

    /// <summary>A parser for one attempt's stdout. <paramref name="snapshot"/> is what an earlier one returned, or empty.</summary>
    /// <remarks>A parser continued from a snapshot behaves exactly as the one that made it, so a crash changes no number.</remarks>
    IAgentParser CreateParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot);

    /// <summary>As above, for agents whose <see cref="AgentLaunch.Options"/> change what they print. Callers that have the options use this one.</summary>
    IAgentParser CreateParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot, IReadOnlyDictionary<string, string> options) => CreateParser(baseline, snapshot);

    /// <summary>One message for the agent's stdin, newline included; null where the agent takes none while it runs.</summary>
    byte[]? EncodeMessage(Guid messageId, string text);

    /// <summary>The polite request to stop the current turn, for stdin; null where the agent has none.</summary>
    byte[]? EncodeInterrupt(Guid commandId);

    /// <summary>The outcome from all evidence. No result from an agent that owes one is never a success.</summary>
    Outcome Classify(AttemptEvidence evidence);
}
