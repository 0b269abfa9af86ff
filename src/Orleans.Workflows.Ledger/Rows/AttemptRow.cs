using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>One agent process of a run. Open until <see cref="EndedAt"/>; then immutable. At most one open a run.</summary>
public sealed record AttemptRow
{
    public required RunId Run { get; init; }

    /// <summary>From 1; equals the epoch that it runs under.</summary>
    public required int Number { get; init; }

    public required string Node { get; init; }

    public required string Queue { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }

    /// <summary>When the process was spawned.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int? Pid { get; init; }

    /// <summary>The process's start time in clock ticks since boot; a pid is believed only with it and the boot id.</summary>
    public long? PidStartTicks { get; init; }

    /// <summary>The machine's boot that the attempt was claimed in: none of its processes outlives it.</summary>
    public string? BootId { get; init; }

    public string? AgentVersion { get; init; }

    /// <summary>Bytes of stdout ingested: always just after a newline, or the end. Never shrinks.</summary>
    public long StdoutOffset { get; init; }

    public long StderrOffset { get; init; }

    /// <summary>The parser's state at <see cref="StdoutOffset"/>.</summary>
    public byte[] ParserSnapshot { get; init; } = [];

    public int? Turns { get; init; }

    public int? AgentTurns { get; init; }

    public int? ToolCalls { get; init; }

    public TokenUsage Usage { get; init; } = TokenUsage.Unknown;

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    /// <summary>
    /// The most memory that its processes were found to use together, bytes, written with its end. Null while it runs, and for
    /// ever where nobody could see it: its supervisor was lost, or no process of it existed.
    /// </summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>CPU time of its agent and of all that descended from it, user and system, milliseconds. Null as <see cref="PeakMemoryBytes"/>.</summary>
    public long? CpuMs { get; init; }

    /// <summary>How it ended, by reason code; set at the end.</summary>
    public Reason? Reason { get; init; }

    /// <summary>The process tree could not be proven gone: the slot stays charged.</summary>
    public bool Leaked { get; init; }

    /// <summary>Workspace, first and last commit, exit record, warnings and the like, as JSON.</summary>
    public string? Details { get; init; }
}
