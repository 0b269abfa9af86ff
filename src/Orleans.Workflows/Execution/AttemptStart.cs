namespace Orleans.Workflows.Execution;

/// <summary>The attempt's process runs. Told with its first output or its end where they follow soon, so that a short attempt costs no step of its own.</summary>
[GenerateSerializer, Immutable, Alias("attempt-start")]
internal sealed record AttemptStart
{
    [Id(0)] public required int Attempt { get; init; }
    [Id(1)] public required int Pid { get; init; }
    [Id(2)] public required long PidStartTicks { get; init; }
    [Id(3)] public required string BootId { get; init; }
    [Id(4)] public string? AgentVersion { get; init; }
    [Id(5)] public string? Branch { get; init; }
    [Id(6)] public string? Warning { get; init; }

    /// <summary><see cref="AttemptDetails"/> as JSON.</summary>
    [Id(7)] public required string Details { get; init; }
    [Id(8)] public string? Workspace { get; init; }

    /// <summary>When the node heard of the process, by its clock.</summary>
    [Id(9)] public required DateTimeOffset At { get; init; }
}
