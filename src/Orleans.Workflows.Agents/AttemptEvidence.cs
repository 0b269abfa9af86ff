namespace Orleans.Workflows.Agents;

/// <summary>All that is known of an attempt at its end.</summary>
public sealed record AttemptEvidence
{
    /// <summary>The process's exit code, or null when a signal ended it or it never started.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, or null.</summary>
    public int? Signal { get; init; }

    /// <summary>Why the program could not be executed, or null.</summary>
    public string? LaunchError { get; init; }

    /// <summary>The last of stderr, at most 8 KB.</summary>
    public string StderrTail { get; init; } = "";

    /// <summary>The parser after the last line.</summary>
    public required IAgentParser Parser { get; init; }

    /// <summary>A result that fits a schema was asked for.</summary>
    public bool StructuredOutputRequired { get; init; }

    /// <summary>The engine asked the process to stop (interrupt, terminate, time-out).</summary>
    public bool StopRequested { get; init; }

    /// <summary>Now, for <see cref="Outcome.RetryAt"/>.</summary>
    public required DateTimeOffset At { get; init; }
}
