using Microsoft.Extensions.Options;

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

        if (options.PriorityAging < TimeSpan.Zero)
        {
            yield return $"Workflows:Admission:PriorityAging must be 0 (never) or more, not {options.PriorityAging}.";
        }

        foreach (var (setting, period) in new[] { ("ClaimTimeout", options.ClaimTimeout), ("HealPeriod", options.HealPeriod), ("ReconcilePeriod", options.ReconcilePeriod), ("PollWait", options.PollWait) })
        {
            if (period <= TimeSpan.Zero || period > TimeSpan.FromDays(1))
            {
                yield return $"Workflows:Admission:{setting} must be longer than 0, at most 1 day, not {period}.";
            }
        }
    }
}
