using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Workflows;

internal sealed class WorkflowsOptionsValidator : IValidateOptions<WorkflowsOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkflowsOptions options)
    {
        var errors = options.Directories.Where(directory => !Directory.Exists(directory))
            .Select(directory => $"Workflows:Workflows:Directories names '{directory}', which is not an existing directory.").ToList();
        errors.AddRange(options.Directories.GroupBy(directory => Path.GetFullPath(directory)).Where(group => group.Count() > 1)
            .Select(group => $"Workflows:Workflows:Directories names '{group.Key}' twice."));
        if (options.QuietPeriod < TimeSpan.Zero || options.QuietPeriod > TimeSpan.FromMinutes(1))
        {
            errors.Add($"Workflows:Workflows:QuietPeriod must be from 0 to 1 minute, not {options.QuietPeriod}.");
        }
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
