namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// What a silo was about to start, for whoever finds the directory after a crash. No arguments (they hold the prompt), no
/// environment values.
/// </summary>
internal sealed record IntentRecord
{
    /// <summary>Run id, format N.</summary>
    public required string Run { get; init; }

    public required int Attempt { get; init; }

    public required string Program { get; init; }

    public required string WorkingDirectory { get; init; }

    public required IReadOnlyList<string> EnvironmentNames { get; init; }

    public required long WrittenAtUnixMs { get; init; }
}
