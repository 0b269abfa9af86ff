using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Execution;

internal sealed class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>
{
    public ValidateOptionsResult Validate(string? name, ExecutionOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <summary>How far two machines' steady clocks may drift apart, and a last write may take.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(2);

    private static IEnumerable<string> Errors(ExecutionOptions options)
    {
        if (options.Slots < 0)
        {
            yield return $"Workflows:Execution:Slots must be 0 or more, not {options.Slots}.";
        }

        if (options.NodeLease < TimeSpan.FromSeconds(4) || options.NodeLease > TimeSpan.FromDays(1))
        {
            yield return $"Workflows:Execution:NodeLease must be between 4 seconds and 1 day, not {options.NodeLease}.";
        }

        if (options.Lease < TimeSpan.FromSeconds(1) || options.Lease > TimeSpan.FromDays(1))
        {
            yield return $"Workflows:Execution:Lease must be between 1 second and 1 day, or not set, not {options.Lease}.";
        }

        if (options.ReconcilePeriod < TimeSpan.FromMilliseconds(100) || options.ReconcilePeriod > TimeSpan.FromDays(1))
        {
            yield return $"Workflows:Execution:ReconcilePeriod must be between 0.1 seconds and 1 day, not {options.ReconcilePeriod}.";
        }

        if (options.StartsPerSecond is < 0.01 or > 1_000 or double.NaN)
        {
            yield return $"Workflows:Execution:StartsPerSecond must be between 0.01 and 1000, or not set, not {options.StartsPerSecond}.";
        }

        foreach (var (setting, memory) in new[] { ("AgentMemory", options.AgentMemory), ("FreeMemory", options.FreeMemory) })
        {
            if (memory is < 0 or > MemoryLimits.Most)
            {
                yield return $"Workflows:Execution:{setting} must be 0 to {MemoryLimits.Most} (16 TB) bytes, not {memory}.";
            }
        }

        foreach (var (setting, limit) in new[] { ("MemoryLimit", options.MemoryLimit), ("MaximumMemoryLimit", options.MaximumMemoryLimit) })
        {
            if (limit is < MemoryLimits.Least or > MemoryLimits.Most)
            {
                yield return $"Workflows:Execution:{setting} must be {MemoryLimits.Least} (16 MB) to {MemoryLimits.Most} (16 TB) bytes, or not set, not {limit}.";
            }
        }

        if (options.MemoryLimit > options.MaximumMemoryLimit)
        {
            yield return $"Workflows:Execution:MaximumMemoryLimit ({options.MaximumMemoryLimit}) must not be below MemoryLimit ({options.MemoryLimit}).";
        }

        var ending = options.InterruptGrace + options.InputGrace + (options.TermGrace * 2) + Drift;
        if (options.Lease is { } lease && options.NodeLease + lease + ending >= options.AdoptionWindow)
        {
            yield return $"Workflows:Execution:AdoptionWindow ({options.AdoptionWindow}) must be longer than NodeLease, Lease and the end of an agent together ({options.NodeLease + lease + ending}): else a run could go on elsewhere while its agent still works.";
        }
    }
}
