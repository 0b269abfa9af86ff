using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>No agent process came to be.</summary>
internal sealed class LaunchFailedException(LaunchStage stage, int errno) : Exception($"{stage}: errno {errno}")
{
    internal LaunchStage Stage { get; } = stage;

    internal int Errno { get; } = errno;
}
