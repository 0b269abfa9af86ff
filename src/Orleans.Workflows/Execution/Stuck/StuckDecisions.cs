using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Stuck;

/// <summary>
/// Decides whether an attempt is stuck, on evidence only: what it does, when it last spoke a whole line, and whether its
/// processes work. One sign of life takes it down the whole ladder.
/// </summary>
internal static class StuckDecisions
{
    /// <summary>A tree that works without a word gets this many times its limit.</summary>
    private const int BusyFactor = 3;

    /// <summary>A supervisor's own ladder takes several steps' time.</summary>
    private const int KillFactor = 6;

    public static StuckVerdict Decide(StuckEvidence now, PhaseLimits limits, AgentCapabilities agent)
    {
        // Retried for minutes by the agent, and never to any avail.
        if (now.Progress is { Phase: AgentPhase.Retrying, RetryingOn: ReasonCodes.Authentication })
        {
            return now.Step < StuckStep.Terminate ? new(StuckStep.Terminate, limits.StepPatience * KillFactor) : new(now.Step, null);
        }

        if (limits.Of(now.Progress, agent) is not { } limit)
        {
            return new(StuckStep.None, null);
        }

        if (now.Silence < limit)
        {
            return new(StuckStep.None, limit - now.Silence);
        }

        return now.Step switch
        {
            StuckStep.None => new(StuckStep.Suspect, limits.StepPatience),
            StuckStep.Kill => new(StuckStep.Kill, null),
            StuckStep.Terminate when now.OnStep >= limits.StepPatience * KillFactor => new(StuckStep.Kill, null),
            StuckStep.Terminate => new(StuckStep.Terminate, (limits.StepPatience * KillFactor) - now.OnStep),
            _ when now.OnStep < limits.StepPatience => new(now.Step, limits.StepPatience - now.OnStep),
            StuckStep.Suspect when now.IsBusy && now.Silence < limit * BusyFactor => new(StuckStep.Suspect, limits.StepPatience),

            // After its result there is no turn to stop.
            StuckStep.Suspect when now.CanInterrupt && now.Progress.Phase != AgentPhase.Result => new(StuckStep.Interrupt, limits.StepPatience),
            _ => new(StuckStep.Terminate, limits.StepPatience * KillFactor),
        };
    }

    public static string Describe(StuckEvidence now) => now.Progress switch
    {
        { Phase: AgentPhase.Retrying, RetryingOn: ReasonCodes.Authentication } => "It retries with a credential that the model's service refuses.",
        { Phase: AgentPhase.Spawned } => $"It has said nothing for {Seconds(now)}.",
        { Phase: AgentPhase.Retrying } => $"It waits to try the model's service again and has said nothing for {Seconds(now)}.",
        { Phase: AgentPhase.Tool, OpenTools: var tools } => $"It has said nothing for {Seconds(now)} while {(tools.Count == 0 ? "a tool" : string.Join(", ", tools.Values))} runs.",
        { Phase: AgentPhase.Result, BackgroundTasks: > 0 and var tasks } => $"It gave its result {Seconds(now)} ago and {tasks} background tasks have not ended.",
        { Phase: AgentPhase.Result } => $"It gave its result {Seconds(now)} ago and has not exited.",
        _ => $"It waits for the model and has said nothing for {Seconds(now)}.",
    };

    private static string Seconds(StuckEvidence now) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{now.Silence.TotalSeconds:F0} s");
}
