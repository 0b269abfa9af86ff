using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission.Holds;

/// <summary>A hold as it stands.</summary>
[GenerateSerializer, Immutable, Alias("hold-info")]
public sealed record HoldInfo
{
    /// <summary>What it is about, in words: <c>credential 'team'</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    [Id(1)] public required HoldSpec Spec { get; init; }

    [Id(2)] public required HoldSource Source { get; init; }

    /// <summary>Who put it; of one that the service put by itself, <c>service</c>.</summary>
    [Id(3)] public required string Caller { get; init; }

    [Id(4)] public required DateTimeOffset Since { get; init; }

    /// <summary>Runs that it holds back now.</summary>
    [Id(5)] public int Waiting { get; init; }

    /// <summary>Its time is over and one run may try, which decides about the others. Only of <see cref="HoldSource.Breaker"/>.</summary>
    [Id(6)] public bool IsProbing { get; init; }

    /// <summary>The run that tries; null: none has started yet.</summary>
    [Id(7)] public RunId? Probe { get; init; }
}
