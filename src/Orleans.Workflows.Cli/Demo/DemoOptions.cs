namespace Orleans.Workflows.Cli.Demo;

/// <summary>What was asked of <c>demo</c>.</summary>
internal sealed record DemoOptions
{
    /// <summary>Runs in all.</summary>
    public required int Runs { get; init; }

    /// <summary>Agent processes at once.</summary>
    public required int Limit { get; init; }

    /// <summary>One JSON document on stdout and nothing else.</summary>
    public bool Json { get; init; }

    /// <summary>Leave the server running, and its data behind.</summary>
    public bool Keep { get; init; }

    /// <summary>The data directory; null: a fresh one.</summary>
    public string? Data { get; init; }
}
