namespace Orleans.Workflows.Admission;

/// <summary>How slots are given out.</summary>
public sealed class AdmissionOptions
{
    /// <summary>Limit of a queue without a setting of its own; null is no limit but the nodes'. Default null.</summary>
    public int? DefaultQueueLimit { get; set; }

    /// <summary>Limits by queue name, for queues whose limit was never set at run time.</summary>
    public Dictionary<string, int> QueueLimits { get; set; } = [];

    /// <summary>A grant not claimed in this time is void, with the whole epoch. Default 10 s.</summary>
    public TimeSpan ClaimTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often accepted runs whose offer was lost are looked for. Default 5 s.</summary>
    public TimeSpan HealPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest long poll; under the grain call time-out. Default 20 s.</summary>
    public TimeSpan PollWait { get; set; } = TimeSpan.FromSeconds(20);
}
