namespace Orleans.Workflows.Cli.Client;

/// <summary>What was seen of an attempt's processes, as far as it is shown.</summary>
internal sealed record AttemptEvidence
{
    /// <summary>Its files on its node.</summary>
    public string? Directory { get; init; }

    public string? Workspace { get; init; }

    /// <summary>Why it was judged stuck.</summary>
    public string? Stuck { get; init; }

    /// <summary>What its processes did then.</summary>
    public IReadOnlyList<string>? StuckProcesses { get; init; }

    /// <summary>Ended after the agent.</summary>
    public IReadOnlyList<string>? EndedProcesses { get; init; }
}
