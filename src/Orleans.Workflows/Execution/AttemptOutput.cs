using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Execution;

/// <summary>
/// What a pump read of one attempt since its last report. Offsets fence it: output that does not begin where the ledger
/// stands is refused, and output that the ledger has is a no-op, so every line is ingested exactly once.
/// </summary>
[GenerateSerializer, Immutable, Alias("attempt-output")]
internal sealed record AttemptOutput
{
    [Id(0)] public required int Attempt { get; init; }

    [Id(1)] public required long StdoutFrom { get; init; }

    /// <summary>Just after a newline, or the end of the stream.</summary>
    [Id(2)] public required long StdoutTo { get; init; }

    [Id(3)] public required long StderrFrom { get; init; }

    [Id(4)] public required long StderrTo { get; init; }

    /// <summary>The parser's state at <see cref="StdoutTo"/>.</summary>
    [Id(5)] public required byte[] Snapshot { get; init; }

    [Id(6)] public required AgentProgress Progress { get; init; }

    /// <summary>Comma-separated JSON objects, UTF-8.</summary>
    [Id(7)] public byte[] Events { get; init; } = [];

    [Id(8)] public int EventCount { get; init; }

    [Id(9)] public IReadOnlyList<UsageEntry> Usage { get; init; } = [];

    [Id(10)] public byte[] Stdout { get; init; } = [];

    [Id(11)] public byte[] Stderr { get; init; } = [];

    /// <summary>Set until the attempt's start is known to be recorded.</summary>
    [Id(12)] public AttemptStart? Start { get; init; }

    /// <summary>The ledger refused some of it that told of usage: the run's numbers have a gap from here on.</summary>
    [Id(13)] public bool UsageLost { get; init; }

    public bool IsEmpty => StdoutTo == StdoutFrom && StderrTo == StderrFrom;
}
