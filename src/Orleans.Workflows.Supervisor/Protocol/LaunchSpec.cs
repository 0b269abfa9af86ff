namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// What to execute and how to end it. It travels only over the supervisor's standard input: it holds secrets and the prompt,
/// which are never written to disk or put on a command line of ours.
/// </summary>
internal sealed record LaunchSpec
{
    internal const long DefaultStdoutLimit = 1L << 30;
    internal const long DefaultStderrLimit = 256L << 20;
    internal const int DefaultGraceMs = 5_000;

    /// <summary>A path, or a name that is looked up in the PATH of <see cref="Environment"/>.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments after the program's own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment: nothing is added or inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public required string WorkingDirectory { get; init; }

    /// <summary>Written to the agent's standard input first.</summary>
    public byte[]? StandardInput { get; init; }

    /// <summary>False closes standard input after <see cref="StandardInput"/>; later input is refused.</summary>
    public bool KeepStandardInputOpen { get; init; }

    /// <summary>Bytes of standard output after which reading stops and the agent blocks. Default 1 GiB.</summary>
    public long StdoutLimit { get; init; } = DefaultStdoutLimit;

    /// <summary>As <see cref="StdoutLimit"/>, for standard error. Default 256 MiB.</summary>
    public long StderrLimit { get; init; } = DefaultStderrLimit;

    /// <summary>Bytes that the agent and all that descends from it may use together; beyond them the supervisor ends the agent. Null: no limit.</summary>
    public long? MemoryLimit { get; init; }

    /// <summary>
    /// What asks this agent over standard input to stop its turn, for ends that the supervisor decides itself (lease, SIGTERM).
    /// Null: there is no such message.
    /// </summary>
    public byte[]? Interrupt { get; init; }

    /// <summary>How long an agent may take after the interrupt. Default 5,000 ms.</summary>
    public int InterruptGraceMs { get; init; } = DefaultGraceMs;

    /// <summary>How long after its standard input was closed. Default 5,000 ms.</summary>
    public int StdinCloseGraceMs { get; init; } = DefaultGraceMs;

    /// <summary>How long after SIGTERM, for the agent and then for what it left behind. Default 5,000 ms.</summary>
    public int TermGraceMs { get; init; } = DefaultGraceMs;

    /// <summary>Absolute CLOCK_BOOTTIME milliseconds at which the supervisor ends the agent by itself. Null: never.</summary>
    public long? LeaseDeadlineMs { get; init; }

    /// <summary>RLIMIT_CORE in bytes, soft and hard. Null: inherited.</summary>
    public long? CoreLimitBytes { get; init; }

    /// <summary>Soft RLIMIT_NOFILE. Null: inherited, which under .NET is the hard limit.</summary>
    public long? OpenFilesLimit { get; init; }
}
