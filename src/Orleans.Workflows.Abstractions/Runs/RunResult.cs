namespace Orleans.Workflows.Runs;

/// <summary>What a run left behind.</summary>
[GenerateSerializer, Immutable, Alias("run-result")]
public sealed record RunResult
{
    /// <summary>The agent's final text; at most 256 KB here, whole in the transcript.</summary>
    [Id(0)] public string? Text { get; init; }

    /// <summary>Structured output as JSON text.</summary>
    [Id(1)] public string? StructuredOutput { get; init; }

    [Id(2)] public string? FirstCommit { get; init; }

    [Id(3)] public string? LastCommit { get; init; }

    [Id(4)] public IReadOnlyList<ChangedFile> ChangedFiles { get; init; } = [];

    [Id(5)] public string? Workspace { get; init; }

    [Id(6)] public int? ExitCode { get; init; }

    [Id(7)] public int? Signal { get; init; }

    /// <summary>Processes that had to be ended after the agent: pid and name.</summary>
    [Id(8)] public IReadOnlyList<string> EndedProcesses { get; init; } = [];

    /// <summary>The last of stderr.</summary>
    [Id(9)] public string? StderrTail { get; init; }
}
