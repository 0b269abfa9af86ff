using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Agents.StreamJson;

namespace Orleans.Workflows.Agents.Claude;

/// <summary>
/// Claude Code, driven over stream-json in both directions. Tested with 2.1.197 to 2.1.330; the reasons for flags and
/// judgements are measurements of that binary.
/// </summary>
internal sealed class ClaudeAdapter(IAgentMachine machine) : IAgentAdapter
{
    public const string AgentName = "claude";

    public string Name => AgentName;

    public AgentCapabilities Capabilities { get; } = new()
    {
        Messages = true,
        Interrupt = true,
        Resume = true,
        WaitsForStdinClose = true,
        ReportsUsage = true,
    };

    public LaunchPlan BuildLaunch(AgentLaunch launch) => ClaudeLaunch.Build(machine, launch);

    public bool Reserves(string variable) => ClaudeLaunch.Reserves(variable);

    public IAgentParser CreateParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot) => new StreamJsonParser(baseline, snapshot);

    public byte[] EncodeMessage(Guid messageId, string text) => StreamJsonInput.Message(messageId, text);

    public byte[] EncodeInterrupt(Guid commandId) => StreamJsonInput.Interrupt(commandId);

    public Outcome Classify(AttemptEvidence evidence) => StreamJsonOutcome.Classify(evidence);
}
