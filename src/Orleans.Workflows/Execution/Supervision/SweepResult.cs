using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>What a sweep did.</summary>
internal sealed record SweepResult
{
    /// <summary>Processes that got SIGKILL, each once.</summary>
    public required IReadOnlyDictionary<ProcessRecord, EndedProcess> Ended { get; init; }

    /// <summary>False: some live on in spite of it, so the attempt is leaked.</summary>
    public required bool IsClean { get; init; }
}
