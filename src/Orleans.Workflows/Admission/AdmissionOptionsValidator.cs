using Microsoft.Extensions.Options;
using Orleans.Workflows.Admission.Circuits;

namespace Orleans.Workflows.Admission;

internal sealed class AdmissionOptionsValidator : IValidateOptions<AdmissionOptions>
{
    public ValidateOptionsResult Validate(string? name, AdmissionOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(AdmissionOptions options)
    {
        if (options.DefaultQueueLimit < 0)
        {
            yield return $"Workflows:Admission:DefaultQueueLimit must be 0 or more, or not set, not {options.DefaultQueueLimit}.";
        }

        foreach (var (queue, limit) in options.QueueLimits.Where(pair => pair.Value < 0))
        {
            yield return $"Workflows:Admission:QueueLimits:{queue} must be 0 or more, not {limit}.";
        }

        foreach (var (key, weight) in options.FairnessWeights.Where(pair => !(pair.Value > 0 && double.IsFinite(pair.Value))))
        {
            yield return $"Workflows:Admission:FairnessWeights:{key} must be above 0, not {weight}.";
        }

        foreach (var (setting, amount) in new[] { ("ReservedTokens", options.ReservedTokens), ("ReservedCostUsd", options.ReservedCostUsd) })
        {
            if (amount < 0)
            {
                yield return $"Workflows:Admission:{setting} must be 0 or more, not {amount}.";
            }
        }

        if (options.PriorityAging < TimeSpan.Zero)
        {
            yield return $"Workflows:Admission:PriorityAging must be 0 (never) or more, not {options.PriorityAging}.";
        }

        foreach (var error in Errors(options.Circuits))
        {
            yield return $"Workflows:Admission:Circuits:{error}.";
        }

        foreach (var (setting, period) in new[] { ("ClaimTimeout", options.ClaimTimeout), ("HealPeriod", options.HealPeriod), ("ReconcilePeriod", options.ReconcilePeriod), ("PollWait", options.PollWait) })
        {
            if (period <= TimeSpan.Zero || period > TimeSpan.FromDays(1))
            {
                yield return $"Workflows:Admission:{setting} must be longer than 0, at most 1 day, not {period}.";
            }
        }
    }

    private static IEnumerable<string> Errors(CircuitOptions circuits)
    {
        if (!(circuits.FailureRatio is > 0 and <= 1))
        {
            yield return $"FailureRatio must be above 0, at most 1, not {circuits.FailureRatio}";
        }

        if (circuits.MinimumAttempts < 2)
        {
            yield return $"MinimumAttempts must be 2 or more, not {circuits.MinimumAttempts}";
        }

        foreach (var (setting, period) in new[] { ("SamplingWindow", circuits.SamplingWindow), ("BreakTime", circuits.BreakTime) })
        {
            if (period < TimeSpan.FromSeconds(1) || period > TimeSpan.FromHours(1))
            {
                yield return $"{setting} must be from 1 second to 1 hour, not {period}";
            }
        }

        if (circuits.MaximumBreakTime < circuits.BreakTime || circuits.MaximumBreakTime > TimeSpan.FromDays(1))
        {
            yield return $"MaximumBreakTime must be from BreakTime to 1 day, not {circuits.MaximumBreakTime}";
        }
    }
}
