namespace Orleans.Workflows.Execution;

/// <summary>What the run's grain made of output.</summary>
[GenerateSerializer, Immutable, Alias("output-reply")]
internal sealed record OutputReply
{
    /// <summary>The attempt is not the run's open one any more: stop it and report no more.</summary>
    [Id(0)] public bool Stale { get; init; }

    /// <summary>Where the ledger stands; the pump goes on from here if it differs from what it sent.</summary>
    [Id(1)] public long StdoutOffset { get; init; }

    [Id(2)] public long StderrOffset { get; init; }

    /// <summary>Nothing more will be said to the agent: close its input.</summary>
    [Id(3)] public bool CloseInput { get; init; }
}
