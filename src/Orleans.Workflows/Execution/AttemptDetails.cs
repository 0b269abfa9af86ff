namespace Orleans.Workflows.Execution;

/// <summary>What an attempt's row keeps as JSON.</summary>
internal sealed record AttemptDetails
{
    public string? Directory { get; init; }

    public string? Workspace { get; init; }

    public string? AgentHome { get; init; }

    public string? Program { get; init; }

    public string? FirstCommit { get; init; }

    public bool Resumed { get; init; }

    /// <summary>Processes ended after the agent: pid and name.</summary>
    public IReadOnlyList<string>? EndedProcesses { get; init; }

    /// <summary>Why it was judged stuck.</summary>
    public string? Stuck { get; init; }

    /// <summary>What its processes did then: pid, name, state and processor time.</summary>
    public IReadOnlyList<string>? StuckProcesses { get; init; }

    public long? UserCpuMs { get; init; }

    public long? SystemCpuMs { get; init; }

    public long? PeakRssKb { get; init; }
}
