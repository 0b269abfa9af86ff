using Orleans.Workflows.Admission.Circuits;

namespace Orleans.Workflows.Admission;

/// <summary>How slots are given out.</summary>
public sealed class AdmissionOptions
{
    /// <summary>Limit of a queue without a setting of its own; null is no limit but the nodes'. Default null.</summary>
    public int? DefaultQueueLimit { get; set; }

    /// <summary>Limits by queue name, for queues whose limit was never set at run time.</summary>
    public Dictionary<string, int> QueueLimits { get; set; } = [];

    /// <summary>
    /// A run that waits so long counts as one of the next higher priority, and so on up to the highest: the bound on what a
    /// low priority waits. Zero: never. Default 5 min.
    /// </summary>
    public TimeSpan PriorityAging { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Starts by share key for each start of a key that is not named here. Above zero.</summary>
    public Dictionary<string, double> FairnessWeights { get; set; } = [];

    /// <summary>
    /// Tokens that a run reserves of a limit on them as long as no attempt of its workflow, or of its agent where it has none, has
    /// ended within a day. 0 or more; default 100,000.
    /// </summary>
    public decimal ReservedTokens { get; set; } = 100_000;

    /// <summary>As <see cref="ReservedTokens"/>, US dollars, where the run has no budget. Default 1.</summary>
    public decimal ReservedCostUsd { get; set; } = 1;

    /// <summary>Holds that the service puts by itself.</summary>
    public CircuitOptions Circuits { get; set; } = new();

    /// <summary>A grant not claimed in this time is void, with the whole epoch. Default 10 s.</summary>
    public TimeSpan ClaimTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often accepted runs whose offer was lost are looked for: one statement each time. Default 5 s.</summary>
    public TimeSpan HealPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often slots are compared with the ledger's open attempts, and all waiting runs with its queued ones: a statement
    /// for the attempts and one for each ten thousand queued runs. It happens at the next <see cref="HealPeriod"/> after this
    /// time. Default 60 s.
    /// </summary>
    public TimeSpan ReconcilePeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest long poll; under the grain call time-out. Default 20 s.</summary>
    public TimeSpan PollWait { get; set; } = TimeSpan.FromSeconds(20);
}
