using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Api.Runs;

/// <summary>One agent process of a run.</summary>
public sealed record AttemptDocument
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required string Node { get; init; }

    public required DateTimeOffset ClaimedAt { get; init; }

    public required DateTimeOffset? StartedAt { get; init; }

    public required DateTimeOffset? EndedAt { get; init; }

    public required int? Pid { get; init; }

    public required string? AgentVersion { get; init; }

    public required int? Turns { get; init; }

    public required int? AgentTurns { get; init; }

    public required int? ToolCalls { get; init; }

    public required TokenUsage Usage { get; init; }

    public required int? ExitCode { get; init; }

    public required int? Signal { get; init; }

    /// <summary>
    /// The most memory that its processes were found to use together, bytes: the sum of their proportional shares, or where that is
    /// more, the largest size of one of them. Null until its end, and for ever where nobody saw it: its supervisor was lost, or no
    /// process of it existed.
    /// </summary>
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>CPU time of its agent and of all that descended from it, user and system together. Null as <see cref="PeakMemoryBytes"/>.</summary>
    public required long? CpuMs { get; init; }

    public required Reason? Reason { get; init; }

    /// <summary>Its process tree could not be proven gone.</summary>
    public required bool Leaked { get; init; }

    /// <summary>Recorded so far.</summary>
    public required long StdoutBytes { get; init; }

    public required long StderrBytes { get; init; }

    /// <summary>Directory, program, commits, ended processes, CPU and memory, as far as they are known.</summary>
    public required JsonElement? Details { get; init; }

    internal static AttemptDocument From(AttemptRow row) => new()
    {
        Number = row.Number,
        Node = row.Node,
        ClaimedAt = row.ClaimedAt,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        Pid = row.Pid,
        AgentVersion = row.AgentVersion,
        Turns = row.Turns,
        AgentTurns = row.AgentTurns,
        ToolCalls = row.ToolCalls,
        Usage = row.Usage,
        ExitCode = row.ExitCode,
        Signal = row.Signal,
        PeakMemoryBytes = row.PeakMemoryBytes,
        CpuMs = row.CpuMs,
        Reason = row.Reason,
        Leaked = row.Leaked,
        StdoutBytes = row.StdoutOffset,
        StderrBytes = row.StderrOffset,
        Details = row.Details is null ? null : JsonElement.Parse(row.Details),
    };
}
