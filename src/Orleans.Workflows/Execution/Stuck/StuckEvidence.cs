using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Execution.Stuck;

/// <summary>What is known of an attempt's life at one moment.</summary>
/// <param name="Progress">What its output tells.</param>
/// <param name="Silence">Since its last whole line; since its start, or since it is followed, before one.</param>
/// <param name="Step">The step that it is on.</param>
/// <param name="OnStep">Since that step was taken.</param>
/// <param name="IsBusy">Its processes used the processor since that step was taken.</param>
/// <param name="CanInterrupt">The agent takes a request to stop its turn.</param>
internal readonly record struct StuckEvidence(AgentProgress Progress, TimeSpan Silence, StuckStep Step, TimeSpan OnStep, bool IsBusy, bool CanInterrupt);
