using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

/// <summary>One agent process of a run, as far as it is shown.</summary>
internal sealed record AttemptInfo
{
    public int Number { get; init; }

    public string? Node { get; init; }

    public int? Pid { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public int? ExitCode { get; init; }

    public int? Signal { get; init; }

    public long? PeakMemoryBytes { get; init; }

    public long? CpuMs { get; init; }

    public Reason? Reason { get; init; }

    public bool Leaked { get; init; }

    public AttemptEvidence? Details { get; init; }
}
