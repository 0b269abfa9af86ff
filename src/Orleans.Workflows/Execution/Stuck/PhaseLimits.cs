using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Execution.Stuck;

/// <summary>How long an attempt may go without a line of output, by what it does. Null settings: as the agent's adapter says.</summary>
public sealed class PhaseLimits
{
    /// <summary>From its start to its first line.</summary>
    public TimeSpan? FirstOutput { get; set; }

    /// <summary>While it waits for the model, or to try the model's service again.</summary>
    public TimeSpan? ModelSilence { get; set; }

    /// <summary>While a tool runs. A heartbeat of the agent is a line, so a tool with heartbeats may take as long as it likes.</summary>
    public TimeSpan? ToolSilence { get; set; }

    /// <summary>After its result, with its input closed, until it exits.</summary>
    public TimeSpan? ExitAfterResult { get; set; }

    /// <summary>After its result while its background tasks go on.</summary>
    public TimeSpan? BackgroundTasks { get; set; }

    /// <summary>How long each step of the ladder waits for a sign of life before the next: suspect, interrupt, terminate. Default 10 s.</summary>
    public TimeSpan StepPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Null: it may be silent for ever, because somebody else's answer is awaited.</summary>
    internal TimeSpan? Of(AgentProgress progress, AgentCapabilities agent) => progress.Phase switch
    {
        AgentPhase.Spawned => FirstOutput ?? agent.FirstOutput,
        AgentPhase.Model or AgentPhase.Retrying => ModelSilence ?? agent.ModelSilence,
        AgentPhase.Tool => ToolSilence ?? agent.ToolSilence,
        AgentPhase.Person => null,
        _ when progress.BackgroundTasks > 0 => BackgroundTasks ?? agent.BackgroundTasks,
        _ => ExitAfterResult ?? agent.ExitAfterResult,
    };
}
