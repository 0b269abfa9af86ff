using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Credentials;

/// <summary>
/// Reads what <c>fromEnv</c> and <c>fromFile</c> name, at launch and nowhere else. Ask <see cref="Check"/> before a run is
/// accepted: it reads the same way and keeps nothing. Thread-safe.
/// </summary>
public sealed class CredentialResolver
{
    private const int FileLimit = 64 * 1024;
    private readonly IOptionsMonitor<CredentialsOptions> _options;
    private readonly Func<string, string?> _variable;

    public CredentialResolver(IOptionsMonitor<CredentialsOptions> options) : this(options, System.Environment.GetEnvironmentVariable)
    {
    }

    internal CredentialResolver(IOptionsMonitor<CredentialsOptions> options, Func<string, string?> variable)
    {
        _options = options;
        _variable = variable;
    }

    /// <summary>Why a run that declares this can't be launched on this node, or null.</summary>
    public Failure? Check(IReadOnlyDictionary<string, ValueSource> environment, CredentialReference? credential) =>
        Resolve(environment, credential).Failure;

    /// <summary>The environment with every secret read. The credential's variable wins over a declared one of the same name.</summary>
    public EnvironmentResult Resolve(IReadOnlyDictionary<string, ValueSource> environment, CredentialReference? credential)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var secrets = new List<string>();
        var warnings = new List<string>();
        foreach (var (name, source) in environment)
        {
            if (Add(name, source, $"environment.{name}") is { } failure)
            {
                return new EnvironmentResult { Failure = failure };
            }
        }
        if (credential is not null)
        {
            var (variable, source, unknown) = Locate(credential);
            if ((unknown ?? Add(variable!, source!, "credential")) is { } failure)
            {
                return new EnvironmentResult { Failure = failure };
            }
        }
        return new EnvironmentResult { Environment = values, Redactor = new SecretRedactor(secrets), Warnings = warnings };

        Failure? Add(string name, ValueSource source, string field)
        {
            var (value, failure) = Read(source, field, warnings);
            if (value is null)
            {
                return failure is null || source.Optional ? null : failure;
            }
            values[name] = value;
            if (source.Value is null)
            {
                secrets.Add(value);
            }
            return null;
        }
    }

    /// <summary>The variable that the credential becomes, or null if that can't be told.</summary>
    internal string? VariableOf(CredentialReference? credential) => credential is null ? null : Locate(credential).Variable;

    private (string? Variable, ValueSource? Source, Failure? Failure) Locate(CredentialReference credential)
    {
        if (credential.Source is { } own)
        {
            var variable = credential.Variable ?? own.FromEnv;
            return variable is not null
                ? (variable, own, null)
                : (null, null, Failure.Invalid("credential.variable", "The credential comes from a file, and nothing says which variable it becomes.", "Add 'variable' to the workflow's credential."));
        }
        var named = _options.CurrentValue.Named;
        if (credential.Name is null || !named.TryGetValue(credential.Name, out var known))
        {
            return (null, null, Failure.Invalid("credential", $"This server knows no credential named '{credential.Name}'.",
                $"Add it to the server's settings under Workflows:Credentials:Named, or use one of: {string.Join(", ", named.Keys.Order(StringComparer.Ordinal))}."));
        }
        return (credential.Variable ?? known.Variable ?? known.FromEnv, new ValueSource { FromEnv = known.FromEnv, FromFile = known.FromFile }, null);
    }

    private (string? Value, Failure? Failure) Read(ValueSource source, string field, List<string> warnings)
    {
        if (source.FromEnv is { } variable)
        {
            var value = _variable(variable);
            return string.IsNullOrEmpty(value)
                ? (null, Failure.Invalid(field, $"The variable {variable} is not set in the server's environment.", $"Set {variable} for the server process and restart it, or name another source in the workflow."))
                : (TrimNewline(value), null);
        }
        return source.FromFile is { } path ? ReadFile(path, field, warnings) : (source.Value, null);
    }

    private static (string? Value, Failure? Failure) ReadFile(string path, string field, List<string> warnings)
    {
        var file = RegularFile.Read(path, FileLimit);
        if (file.Problem is { } problem)
        {
            return (null, Failure.Invalid(field, $"The file {path} {problem}.", "Name a regular file of at most 64 KB that the server's user can read."));
        }
        string value;
        try
        {
            value = TrimNewline(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(file.Bytes));
        }
        catch (DecoderFallbackException)
        {
            return (null, Failure.Invalid(field, $"The file {path} is not UTF-8 text.", "Store the secret as text."));
        }
        if (value.Length == 0 || value.Contains('\0', StringComparison.Ordinal))
        {
            return (null, Failure.Invalid(field, $"The file {path} is empty or holds a zero byte.", "Store the secret as text."));
        }
        if (file.ReadableByOthers)
        {
            warnings.Add($"The file {path} that {field} names can be read by every user of this machine; chmod 600 it.");
        }
        return (value, null);
    }

    private static string TrimNewline(string value) =>
        value.EndsWith("\r\n", StringComparison.Ordinal) ? value[..^2] : value.EndsWith('\n') ? value[..^1] : value;
}
