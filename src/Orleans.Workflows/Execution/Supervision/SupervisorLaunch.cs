using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>One attempt to start: where its files go and what to execute.</summary>
internal sealed record SupervisorLaunch
{
    /// <summary>A directory that doesn't exist yet: an attempt is executed once.</summary>
    public required AttemptDirectory Directory { get; init; }

    /// <summary>The agent. The launcher adds <see cref="EnvironmentSweep.Marker"/> to its environment and nothing else.</summary>
    public required LaunchSpec Agent { get; init; }
}
