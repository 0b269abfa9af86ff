using System.Buffers.Binary;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workflows;

/// <summary>When and how often a failed attempt is followed by another one of the same run.</summary>
public sealed record RetryPolicy
{
    public const double DefaultJitter = 0.2;

    /// <summary>The first attempt included; 1: never again.</summary>
    public int MaximumAttempts { get; init; } = 3;

    public TimeSpan InitialInterval { get; init; } = TimeSpan.FromSeconds(10);

    public double BackoffCoefficient { get; init; } = 2;

    public TimeSpan MaximumInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much a pause may be longer or shorter, as a share of it from 0 to 1, so that what failed together does not come back together. Null: 0.2.</summary>
    public double? Jitter { get; init; }

    /// <summary>Reason codes to retry. With this and <see cref="RetryOnExitCodes"/> empty, what the adapter calls retryable.</summary>
    public IReadOnlyList<string> RetryOn { get; init; } = [];

    public IReadOnlyList<int> RetryOnExitCodes { get; init; } = [];

    public RetryMode Mode { get; init; } = RetryMode.Resume;

    /// <summary>What becomes of the run when no attempt is left. Null: it fails.</summary>
    public RetryExhaustion? OnExhausted { get; init; }

    /// <summary>What becomes of the run when a rate limit ends an attempt. Null: it waits for the reset.</summary>
    public RateLimitAnswer? OnRateLimit { get; init; }

    /// <summary>Whether a failure like this is worth another attempt, attempts left or not.</summary>
    public bool Covers(string reasonCode, int? exitCode, bool retryable) =>
        RetryOn.Count == 0 && RetryOnExitCodes.Count == 0
            ? retryable
            : RetryOn.Contains(reasonCode) || (exitCode is { } code && RetryOnExitCodes.Contains(code));

    /// <summary>The pause after a failed try, without what a rate limit asks for on top: the same whoever works it out, and whenever.</summary>
    /// <param name="failedTry">From 1.</param>
    /// <param name="run">Whose it is.</param>
    /// <param name="attempt">The attempt that failed.</param>
    public TimeSpan DelayAfter(int failedTry, RunId run, int attempt)
    {
        var factor = Math.Pow(BackoffCoefficient, Math.Max(0, failedTry - 1));
        var ticks = Math.Min(InitialInterval.Ticks * factor, MaximumInterval.Ticks);

        // After the maximum, which would else bring them together again.
        return TimeSpan.FromTicks((long)(ticks * (1 + ((Jitter ?? DefaultJitter) * Spread(run, attempt)))));
    }

    /// <summary>From -1 to 1, evenly over runs and attempts (the finaliser of SplitMix64).</summary>
    private static double Spread(RunId run, int attempt)
    {
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(run.Value.ToByteArray().AsSpan(8)) + ((ulong)attempt * 0x9E3779B97F4A7C15);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        bits ^= bits >> 31;
        return ((bits >> 11) * (2.0 / (1UL << 53))) - 1;
    }
}
