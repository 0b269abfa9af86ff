using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Workspaces;

internal sealed class WorkspacesOptionsValidator : IValidateOptions<WorkspacesOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkspacesOptions options)
    {
        var errors = Errors(options).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(WorkspacesOptions options)
    {
        if (!Path.IsPathFullyQualified(options.Directory))
        {
            yield return $"Workflows:Workspaces:Directory must be an absolute path, not '{options.Directory}'.";
        }
        foreach (var root in options.AllowedRoots.Where(root => !Path.IsPathFullyQualified(root) || !Directory.Exists(root)))
        {
            yield return $"Workflows:Workspaces:AllowedRoots names '{root}', which is not an existing absolute directory.";
        }
        if (options.GitTimeout <= TimeSpan.Zero || options.LockTimeout <= TimeSpan.Zero)
        {
            yield return "Workflows:Workspaces:GitTimeout and LockTimeout must be longer than 0.";
        }
        if (options.ChangedFilesLimit < 0)
        {
            yield return "Workflows:Workspaces:ChangedFilesLimit must be 0 or more.";
        }
        if (options.AuthorName.AsSpan().ContainsAny("<>\n") || options.AuthorEmail.AsSpan().ContainsAny("<>\n") || options.AuthorName.Length == 0)
        {
            yield return "Workflows:Workspaces:AuthorName and AuthorEmail must be plain text without '<', '>' and line breaks.";
        }
    }
}
