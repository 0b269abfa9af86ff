namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>A process that outlived the agent and was ended.</summary>
internal sealed record EndedProcess
{
    public required int Pid { get; init; }

    /// <summary>The kernel's short name of it (15 bytes).</summary>
    public required string Name { get; init; }
}
