using Orleans.Workflows.Execution.Stuck;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// How long a workflow's attempts may go without a line of output, by what they do: named as the settings
/// <c>Workflows:Execution:Phases</c>, before which they go. Null: as the node's settings or else the agent's adapter say.
/// </summary>
public sealed record PhaseTimes
{
    /// <inheritdoc cref="PhaseLimits.FirstOutput"/>
    public TimeSpan? FirstOutput { get; init; }

    /// <inheritdoc cref="PhaseLimits.ModelSilence"/>
    public TimeSpan? ModelSilence { get; init; }

    /// <inheritdoc cref="PhaseLimits.ToolSilence"/>
    public TimeSpan? ToolSilence { get; init; }

    /// <inheritdoc cref="PhaseLimits.ExitAfterResult"/>
    public TimeSpan? ExitAfterResult { get; init; }

    /// <inheritdoc cref="PhaseLimits.BackgroundTasks"/>
    public TimeSpan? BackgroundTasks { get; init; }

    /// <summary>The limits of an attempt on a node with these settings.</summary>
    internal PhaseLimits Over(PhaseLimits node) => new()
    {
        FirstOutput = FirstOutput ?? node.FirstOutput,
        ModelSilence = ModelSilence ?? node.ModelSilence,
        ToolSilence = ToolSilence ?? node.ToolSilence,
        ExitAfterResult = ExitAfterResult ?? node.ExitAfterResult,
        BackgroundTasks = BackgroundTasks ?? node.BackgroundTasks,
        StepPatience = node.StepPatience,
    };
}
