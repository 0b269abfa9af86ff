namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// How an attempt ended. It exists only once the agent's whole tree is proven gone and both spools are complete. A power cut
/// can take spooled bytes that the record counts: compare <see cref="StdoutBytes"/> with the file.
/// </summary>
internal sealed record ExitRecord
{
    internal const int MaximumSurvivors = 32;

    public required ExitCause Cause { get; init; }

    /// <summary>Null when a signal ended the agent or nothing was executed.</summary>
    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public LaunchStage? LaunchStage { get; init; }

    public int? LaunchErrno { get; init; }

    public EndStep EndedBy { get; init; }

    public required long StartedAtUnixMs { get; init; }

    public required long StartedAtBootMs { get; init; }

    public required long EndedAtUnixMs { get; init; }

    public required long EndedAtBootMs { get; init; }

    public long StdoutBytes { get; init; }

    public long StderrBytes { get; init; }

    /// <summary>Read from the agent but given up on a full disk, after a terminate in mode now. Otherwise 0.</summary>
    public long LostBytes { get; init; }

    /// <summary>CPU time of the agent and all descendants that were waited for, by it or by the supervisor.</summary>
    public long UserCpuMs { get; init; }

    public long SystemCpuMs { get; init; }

    /// <summary>The largest resident size of any one process of the tree.</summary>
    public long MaxRssKb { get; init; }

    /// <summary>
    /// The most memory that the tree was found to use: the larger of its processes' proportional shares together, at any of the
    /// looks at it, and <see cref="MaxRssKb"/>. Null when nothing was executed, and in records of older supervisors.
    /// </summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>The limit that it had; null: none.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>How many processes the agent left behind that had to be ended.</summary>
    public int SurvivorCount { get; init; }

    /// <summary>The first of them, at most <see cref="MaximumSurvivors"/>.</summary>
    public IReadOnlyList<EndedProcess> Survivors { get; init; } = [];

    /// <summary>True in every record of ours: without the proof (ECHILD for a subreaper) there is no record.</summary>
    public bool ProvenGone { get; init; }
}
