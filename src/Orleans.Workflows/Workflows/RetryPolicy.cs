namespace Orleans.Workflows.Workflows;

/// <summary>When and how often a failed attempt is followed by another one of the same run.</summary>
public sealed record RetryPolicy
{
    /// <summary>The first attempt included; 1: never again.</summary>
    public int MaximumAttempts { get; init; } = 3;

    public TimeSpan InitialInterval { get; init; } = TimeSpan.FromSeconds(10);

    public double BackoffCoefficient { get; init; } = 2;

    public TimeSpan MaximumInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Reason codes to retry. With this and <see cref="RetryOnExitCodes"/> empty, what the adapter calls retryable.</summary>
    public IReadOnlyList<string> RetryOn { get; init; } = [];

    public IReadOnlyList<int> RetryOnExitCodes { get; init; } = [];

    public RetryMode Mode { get; init; } = RetryMode.Resume;

    /// <summary>Whether a failure like this is worth another attempt, attempts left or not.</summary>
    public bool Covers(string reasonCode, int? exitCode, bool retryable) =>
        RetryOn.Count == 0 && RetryOnExitCodes.Count == 0
            ? retryable
            : RetryOn.Contains(reasonCode) || (exitCode is { } code && RetryOnExitCodes.Contains(code));

    /// <summary>The pause after <paramref name="failedAttempt"/> (from 1), without what a rate limit asks for on top.</summary>
    public TimeSpan DelayAfter(int failedAttempt)
    {
        var factor = Math.Pow(BackoffCoefficient, Math.Max(0, failedAttempt - 1));
        var ticks = InitialInterval.Ticks * factor;
        return ticks < MaximumInterval.Ticks ? TimeSpan.FromTicks((long)ticks) : MaximumInterval;
    }
}
