using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Credentials;

internal sealed class CredentialsOptionsValidator : IValidateOptions<CredentialsOptions>
{
    public ValidateOptionsResult Validate(string? name, CredentialsOptions options)
    {
        var errors = options.Named.SelectMany(pair => Errors(pair.Key, pair.Value)).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(string name, NamedCredential credential)
    {
        var setting = $"Workflows:Credentials:Named:{name}";
        if (credential.FromEnv is null == credential.FromFile is null)
        {
            yield return $"{setting} must have exactly one of FromEnv and FromFile.";
        }
        if (credential.FromFile is { } file && !Path.IsPathFullyQualified(file))
        {
            yield return $"{setting}:FromFile must be an absolute path, not '{file}'.";
        }
        if ((credential.Variable ?? credential.FromEnv) is not { } variable || !EnvironmentName.IsValid(variable))
        {
            yield return $"{setting}:Variable must be the name of an environment variable (letters, digits, underscore).";
        }
    }
}
