using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Orleans.Workflows.Workflows;

/// <summary>
/// Text with placeholders: <c>{{input.name}}</c>, <c>{{input.a.b}}</c>, <c>{{message}}</c>; nothing else is evaluated, and
/// nothing that a value brings along is looked at again. <c>\{{</c> is a literal <c>{{</c>.
/// </summary>
public sealed partial class PromptTemplate
{
    private readonly IReadOnlyList<Segment> _segments;

    private PromptTemplate(IReadOnlyList<Segment> segments) => _segments = segments;

    /// <summary>The paths of all placeholders, as written, in order.</summary>
    public IEnumerable<string> Placeholders => Paths.Select(path => path.Name);

    internal IEnumerable<(string Name, int Offset)> Paths =>
        _segments.Where(segment => segment.IsPlaceholder).Select(segment => (segment.Text, segment.Offset));

    /// <summary>Parses; what is wrong comes back as the offset of the braces and a sentence.</summary>
    internal static PromptTemplate? Parse(string text, IReadOnlyCollection<string> roots, out TemplateError? error)
    {
        var segments = new List<Segment>();
        var literal = new StringBuilder();
        var at = 0;
        error = null;
        while (text.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            var slashes = 0;
            while (open - slashes > at && text[open - slashes - 1] == '\\')
            {
                slashes++;
            }
            literal.Append(text, at, open - at - slashes).Append('\\', slashes / 2);
            at = open + 2;
            if (slashes % 2 == 1)
            {
                literal.Append("{{");
                continue;
            }
            var match = Placeholder().Match(text, open);
            if (!match.Success || !roots.Contains(match.Groups["path"].Value.Split('.')[0]) || !HasRightDepth(match.Groups["path"].Value))
            {
                error = new TemplateError(open, $"{Quote(text, open)} is not a placeholder.", $"Write one of {string.Join(", ", roots.Select(Example))}, or \\{{{{ for literal braces.");
                return null;
            }
            segments.Add(new Segment(literal.ToString(), open, false));
            literal.Clear();
            segments.Add(new Segment(match.Groups["path"].Value, open, true));
            at = open + match.Length;
        }
        segments.Add(new Segment(literal.Append(text, at, text.Length - at).ToString(), at, false));
        return new PromptTemplate(segments);
    }

    /// <summary>Text that renders to exactly <paramref name="text"/>.</summary>
    public static string Escape(string text) => Braces().Replace(text, match => string.Concat(match.Groups["slashes"].Value, match.Groups["slashes"].Value, "\\{{"));

    /// <summary>Renders in one pass. A placeholder that <paramref name="values"/> lacks: its name in <paramref name="missing"/>, unless <paramref name="isOptional"/>; then nothing stands there.</summary>
    internal string? Render(JsonObject values, Func<string, bool> isOptional, out string? missing)
    {
        var result = new StringBuilder();
        missing = null;
        foreach (var segment in _segments)
        {
            if (!segment.IsPlaceholder)
            {
                result.Append(segment.Text);
            }
            else if (Find(values, segment.Text, out var value))
            {
                result.Append(Text(value));
            }
            else if (!isOptional(segment.Text))
            {
                missing = segment.Text;
                return null;
            }
        }
        return result.ToString();
    }

    private static bool Find(JsonObject values, string path, out JsonNode? value)
    {
        value = values;
        foreach (var part in path.Split('.'))
        {
            if (value is not JsonObject map || !map.TryGetPropertyValue(part, out value))
            {
                return false;
            }
        }
        return true;
    }

    private static string Text(JsonNode? value) =>
        value is JsonValue scalar && scalar.GetValueKind() == JsonValueKind.String ? scalar.GetValue<string>() : value?.ToJsonString(WorkflowInput.Json) ?? "null";

    private static bool HasRightDepth(string path) => path == "message" || (path.Contains('.', StringComparison.Ordinal) && !path.StartsWith("message.", StringComparison.Ordinal));

    private static string Example(string root) => root switch { "message" => "{{message}}", "input" => "{{input.NAME}}", "run" => "{{run.short}}", _ => $"{{{{{root}.name}}}}" };

    private static string Quote(string text, int open)
    {
        var end = text.IndexOf("}}", open, StringComparison.Ordinal);
        var quoted = text[open..(end < 0 ? text.Length : end + 2)];
        return "'" + (quoted.Length > 40 ? quoted[..40] + "…" : quoted).ReplaceLineEndings(" ") + "'";
    }

    [GeneratedRegex(@"\G\{\{[ \t]*(?<path>[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)[ \t]*\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"(?<slashes>\\*)\{\{")]
    private static partial Regex Braces();

    private readonly record struct Segment(string Text, int Offset, bool IsPlaceholder);
}
