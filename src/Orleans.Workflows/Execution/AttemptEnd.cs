using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>The attempt's whole process tree is proven gone (or never was), and this is how it ended.</summary>
[GenerateSerializer, Immutable, Alias("attempt-end")]
internal sealed record AttemptEnd
{
    [Id(0)] public required int Attempt { get; init; }

    /// <summary>The last of its output; null when it never spoke.</summary>
    [Id(1)] public AttemptOutput? Last { get; init; }

    [Id(2)] public required Outcome Outcome { get; init; }

    [Id(3)] public int? ExitCode { get; init; }

    [Id(4)] public int? Signal { get; init; }

    /// <summary>Result without the texts that the outcome has.</summary>
    [Id(5)] public RunResult Result { get; init; } = new();

    /// <summary><see cref="AttemptDetails"/> as JSON; null leaves what stands.</summary>
    [Id(6)] public string? Details { get; init; }

    /// <summary>The process never existed, so nothing of the attempt was done.</summary>
    [Id(7)] public bool NeverStarted { get; init; }

    /// <summary>The agent wrote more than could be recorded, so the numbers may have a gap.</summary>
    [Id(9)] public bool OutputIncomplete { get; init; }

    /// <inheritdoc cref="Ledger.Rows.AttemptRow.PeakMemoryBytes"/>
    [Id(10)] public long? PeakMemoryBytes { get; init; }

    /// <inheritdoc cref="Ledger.Rows.AttemptRow.CpuMs"/>
    [Id(11)] public long? CpuMs { get; init; }

    /// <inheritdoc cref="AttemptOutput.Start"/>
    [Id(8)] public AttemptStart? Start { get; init; }
}
