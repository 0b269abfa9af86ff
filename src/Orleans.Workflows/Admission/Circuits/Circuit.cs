using Polly;
using Polly.CircuitBreaker;

namespace Orleans.Workflows.Admission.Circuits;

/// <summary>
/// The breaker of one thing that attempts depend on. Polly's breaker is made for calls; here each attempt that has shown
/// something is one call, made when its result is known.
/// </summary>
internal sealed class Circuit
{
    private readonly ResiliencePipeline<bool> _breaker;

    /// <param name="options">When it opens, and for how long.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="opened">Told for how long nobody should start.</param>
    /// <param name="closed">Told when it works again.</param>
    public Circuit(CircuitOptions options, TimeProvider time, Action<TimeSpan> opened, Action closed)
    {
        _breaker = new ResiliencePipelineBuilder<bool> { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
        {
            ShouldHandle = static args => ValueTask.FromResult(!args.Outcome.Result),
            FailureRatio = options.FailureRatio,
            MinimumThroughput = options.MinimumAttempts,
            SamplingDuration = options.SamplingWindow,
            BreakDurationGenerator = args => ValueTask.FromResult(BreakTime(options, args.HalfOpenAttempts)),
            OnOpened = args =>
            {
                opened(args.BreakDuration);
                return ValueTask.CompletedTask;
            },
            OnClosed = _ =>
            {
                closed();
                return ValueTask.CompletedTask;
            },
        }).Build();
    }

    /// <summary>What one attempt has shown. While the circuit is open nothing is concluded from those that had started before.</summary>
    public void Report(bool works)
    {
        try
        {
            _breaker.Execute(static works => works, works);
        }
        catch (BrokenCircuitException)
        {
            // Open: the answer stands until a probe's.
        }
    }

    private static TimeSpan BreakTime(CircuitOptions options, int failedProbes) => TimeSpan.FromTicks((long)Math.Min(
        options.MaximumBreakTime.Ticks, options.BreakTime.Ticks * Math.Pow(2, failedProbes)));
}
