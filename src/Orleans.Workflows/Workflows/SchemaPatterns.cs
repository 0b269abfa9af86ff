using System.Text.RegularExpressions;
using NJsonSchema;

namespace Orleans.Workflows.Workflows;

/// <summary>A schema's patterns, compiled with a limit of time. The validator's own know none, and an author's pattern meets a caller's text.</summary>
internal sealed class SchemaPatterns
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, Regex> _patterns;

    private SchemaPatterns(Dictionary<string, Regex> patterns) => _patterns = patterns;

    /// <summary>On failure null and the end of a sentence on the schema.</summary>
    public static SchemaPatterns? Compile(IEnumerable<JsonSchema> schemas, out string? error)
    {
        var patterns = new Dictionary<string, Regex>(StringComparer.Ordinal);
        foreach (var pattern in schemas.SelectMany(schema => schema.PatternProperties.Keys.Append(schema.Pattern)).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            try
            {
                patterns[pattern] = new Regex(pattern, RegexOptions.None, Limit);
            }
            catch (ArgumentException e)
            {
                error = $"has a pattern that can't be used: {e.Message}";
                return null;
            }
        }
        error = null;
        return new SchemaPatterns(patterns);
    }

    /// <summary>Returns if matching takes no longer than allowed, whatever comes of it.</summary>
    /// <exception cref="RegexMatchTimeoutException">It would.</exception>
    public void Try(string pattern, string text) => _patterns.GetValueOrDefault(pattern)?.IsMatch(text);
}
