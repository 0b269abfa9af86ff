using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Retention;

internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(RetentionOptions options)
    {
        if (options.RunsAge < TimeSpan.Zero)
        {
            yield return $"Workflows:Retention:RunsAge must not be negative, not {options.RunsAge}; leave it out to keep runs for ever.";
        }
        // A timer's longest period.
        if (options.Period <= TimeSpan.Zero || options.Period > TimeSpan.FromDays(40))
        {
            yield return $"Workflows:Retention:Period must be longer than 0 and at most 40 days, not {options.Period}.";
        }
        if (options.RunsAtOnce is < 1 or > 10_000 || options.KeysAtOnce is < 1 or > 100_000)
        {
            yield return "Workflows:Retention:RunsAtOnce must be from 1 to 10,000, and KeysAtOnce from 1 to 100,000.";
        }
    }
}
