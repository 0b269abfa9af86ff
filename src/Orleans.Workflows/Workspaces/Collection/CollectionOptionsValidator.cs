using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Workspaces.Collection;

internal sealed class CollectionOptionsValidator : IValidateOptions<CollectionOptions>
{
    public ValidateOptionsResult Validate(string? name, CollectionOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(CollectionOptions options)
    {
        // A timer's longest period.
        if (options.Period <= TimeSpan.Zero || options.Period > TimeSpan.FromDays(40))
        {
            yield return $"Workflows:Collection:Period must be longer than 0 and at most 40 days, not {options.Period}.";
        }
        if (new[] { options.AttemptsAge, options.AgentHomeAge, options.WorkspaceAge, options.UnknownAge, options.LeastAge }.Any(age => age < TimeSpan.Zero))
        {
            yield return "Workflows:Collection:AttemptsAge, AgentHomeAge, WorkspaceAge, UnknownAge and LeastAge must not be negative; leave one empty for no limit.";
        }
        if (options.TotalBytes < 0)
        {
            yield return $"Workflows:Collection:TotalBytes must be 0 or more, or empty for no limit, not {options.TotalBytes}.";
        }
    }
}
