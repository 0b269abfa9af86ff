namespace Orleans.Workflows.Admission.Circuits;

/// <summary>
/// When what attempts depend on (a credential, a model, an agent) has failed so many of them that the others are held back.
/// Failures of the work itself never count.
/// </summary>
public sealed class CircuitOptions
{
    /// <summary>Share of the attempts in a <see cref="SamplingWindow"/> that must have failed of it, above 0 to 1. Default 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>Attempts in a <see cref="SamplingWindow"/> below which nothing is concluded, 2 or more. Default 5.</summary>
    public int MinimumAttempts { get; set; } = 5;

    /// <summary>Default 5 min; 1 s to 1 h.</summary>
    public TimeSpan SamplingWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the others are held until one run tries, doubled each time that it fails too. Default 30 s; 1 s to 1 h.</summary>
    public TimeSpan BreakTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bound of the doubling. Default 15 min; at most 1 day.</summary>
    public TimeSpan MaximumBreakTime { get; set; } = TimeSpan.FromMinutes(15);
}
