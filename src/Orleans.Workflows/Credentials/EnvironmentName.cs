using System.Text.RegularExpressions;

namespace Orleans.Workflows.Credentials;

/// <summary>What may be the name of an environment variable.</summary>
internal static partial class EnvironmentName
{
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,127}\\z")]
    private static partial Regex Pattern();
}
