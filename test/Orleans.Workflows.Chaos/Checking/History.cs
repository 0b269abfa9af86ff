namespace Orleans.Workflows.Chaos.Checking;

/// <summary>All that is known of what happened, from sources that do not know of each other.</summary>
internal sealed record History
{
    /// <summary>When the ledger was read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>What callers were told.</summary>
    public required IReadOnlyList<AcceptedStart> Accepted { get; init; }

    /// <summary>What was done to runs and nodes that may cost an agent its life.</summary>
    public required IReadOnlyList<Hit> Hits { get; init; }

    /// <summary>Agents at once by queue; a queue that is not named has no limit.</summary>
    public required IReadOnlyDictionary<string, int> QueueLimits { get; init; }

    /// <summary>Agents at once for each value of a label, by the label's name.</summary>
    public required IReadOnlyDictionary<string, int> LabelLimits { get; init; }

    /// <summary>What was changed while the load went on.</summary>
    public IReadOnlyList<LiveRule> Rules { get; init; } = [];

    /// <summary>A wait of that long raises a run's priority by one.</summary>
    public TimeSpan PriorityAging { get; init; }

    /// <summary>Agents at once by node.</summary>
    public required IReadOnlyDictionary<string, int> NodeSlots { get; init; }

    public required IReadOnlyList<LedgerRun> Runs { get; init; }

    public required IReadOnlyList<LedgerAttempt> Attempts { get; init; }

    public required IReadOnlyList<TranscriptPart> Transcript { get; init; }

    public required IReadOnlyList<HeldLock> Locks { get; init; }

    public required IReadOnlyList<AgentLine> Journal { get; init; }

    public required IReadOnlyList<LeftProcess> Processes { get; init; }

    public required IReadOnlyList<LeftFile> Files { get; init; }

    /// <summary>What the ledger's single rows of usage come to, by run; nothing of them is known where it is not in it.</summary>
    public required IReadOnlyDictionary<Guid, Numbers> UsageRows { get; init; }

    /// <summary>What the model of the real agents was asked.</summary>
    public required IReadOnlyList<ModelCall> ModelCalls { get; init; }

    /// <summary>What the servers' own counters say that they compared and put right.</summary>
    public required IReadOnlyList<Repair> Repairs { get; init; }

    /// <summary>Whether any fault was done, so that something may have to be put right.</summary>
    public required bool IsHarmed { get; init; }

    public IReadOnlyList<AgentLife> Lives => field ??= AgentLife.Of(Journal);
}
