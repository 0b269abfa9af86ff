using System.Globalization;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>Takes typed fields out of a mapping and reports every one that doesn't fit, unknown ones included.</summary>
internal sealed class MapReader
{
    private readonly Dictionary<string, MapEntry> _entries;
    private readonly string _file;
    private readonly string _path;
    private readonly ProblemSink _problems;

    public MapReader(MapNode map, string file, string path, ProblemSink problems, IReadOnlyCollection<string> known, bool ignoreUnknown = false)
    {
        _file = file;
        _path = path;
        _problems = problems;
        _entries = map.Entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
        foreach (var entry in map.Entries.Where(entry => !ignoreUnknown && !known.Contains(entry.Key)))
        {
            var meant = Suggestion.For(entry.Key, known);
            problems.Add(file, entry.At, Field(entry.Key), $"There is no field '{Field(entry.Key)}'.",
                meant is not null ? $"Did you mean '{meant}'?" : $"Use one of: {string.Join(", ", known)}.");
        }
    }

    /// <summary>The field's value; a null value counts as absent.</summary>
    public SourceNode? Node(string key) =>
        _entries.TryGetValue(key, out var entry) && entry.Value is not ScalarNode { Kind: ScalarKind.Null } ? entry.Value : null;

    public string? Text(string key) => Node(key) switch
    {
        null => null,
        ScalarNode { Text.Length: > 0 } scalar when !scalar.Text.Contains('\0', StringComparison.Ordinal) => scalar.Text,
        var node => Wrong<string>(key, node, "must be a non-empty text", "Write one line of text."),
    };

    public string? OneOf(string key, IReadOnlyCollection<string> allowed) => Text(key) switch
    {
        null => null,
        var text when allowed.Contains(text) => text,
        var text => Wrong<string>(key, Node(key)!, $"can't be '{text}'", Suggestion.For(text, allowed) is { } meant ? $"Did you mean '{meant}'?" : $"Use one of: {string.Join(", ", allowed)}."),
    };

    public int? Integer(string key, int minimum, int maximum) =>
        Node(key) is not { } node ? null
        : node is ScalarNode { Kind: ScalarKind.Integer } scalar && int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum ? value
        : Wrong<int?>(key, node, $"must be an integer from {minimum} to {maximum}", "Correct the number, or remove the field.");

    public decimal? Number(string key, decimal minimum, decimal maximum) =>
        Node(key) is not { } node ? null
        : node is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number } scalar && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum ? Normal(value)
        : Wrong<decimal?>(key, node, $"must be a number from {minimum} to {maximum}", "Correct the number, or remove the field.");

    public TimeSpan? Duration(string key, TimeSpan minimum, TimeSpan maximum) =>
        Node(key) is not { } node ? null
        : node is ScalarNode scalar && Durations.TryParse(scalar.Text, out var value) && value >= minimum && value <= maximum ? value
        : Wrong<TimeSpan?>(key, node, $"must be a duration from {minimum} to {maximum}", "Write it as 90s, 30m, 1h30m or 00:30:00.");

    /// <summary>Bytes.</summary>
    public long? Size(string key, long minimum, long maximum) =>
        Node(key) is not { } node ? null
        : node is ScalarNode scalar && Sizes.TryParse(scalar.Text, out var value) && value >= minimum && value <= maximum ? value
        : Wrong<long?>(key, node, $"must be a size from {Sizes.Text(minimum)} to {Sizes.Text(maximum)}", "Write it as 512MB, 2GB or 1.5GB.");

    public IReadOnlyList<string> Texts(string key)
    {
        if (Node(key) is not { } node)
        {
            return [];
        }
        return node is ListNode list && list.Items.All(item => item is ScalarNode { Text.Length: > 0, Kind: not ScalarKind.Null })
            ? [.. list.Items.Select(item => ((ScalarNode)item).Text)]
            : Wrong<IReadOnlyList<string>>(key, node, "must be a list of texts", "Write [a, b], or one '- item' a line.") ?? [];
    }

    public IReadOnlyList<int> Integers(string key)
    {
        if (Node(key) is not { } node)
        {
            return [];
        }
        return node is ListNode list && list.Items.All(item => item is ScalarNode { Kind: ScalarKind.Integer, Text.Length: < 10 })
            ? [.. list.Items.Select(item => int.Parse(((ScalarNode)item).Text, CultureInfo.InvariantCulture))]
            : Wrong<IReadOnlyList<int>>(key, node, "must be a list of integers", "Write [1, 75].") ?? [];
    }

    /// <summary>Every entry of a mapping; structured values become JSON text if <paramref name="structured"/>.</summary>
    public IReadOnlyDictionary<string, string> TextMap(string key, bool structured)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in Entries(key))
        {
            if (entry.Value is ScalarNode scalar)
            {
                result[entry.Key] = scalar.Kind == ScalarKind.Null ? "" : scalar.Text;
            }
            else if (structured)
            {
                result[entry.Key] = entry.Value.ToJson()!.ToJsonString(WorkflowInput.Json);
            }
            else
            {
                Wrong<string>($"{key}.{entry.Key}", entry.Value, "must be a text", "Write one line of text.");
            }
        }
        return result;
    }

    public IReadOnlyList<MapEntry> Entries(string key) => Node(key) switch
    {
        null => [],
        MapNode map => map.Entries,
        var node => Wrong<IReadOnlyList<MapEntry>>(key, node, "must be a mapping", "Write one 'name: value' a line.") ?? [],
    };

    public MapReader? Child(string key, params IReadOnlyCollection<string> known) => Node(key) switch
    {
        null => null,
        MapNode map => new MapReader(map, _file, Field(key), _problems, known),
        var node => Wrong<MapReader>(key, node, "must be a mapping", $"Use the fields {string.Join(", ", known)}."),
    };

    public MapReader Child(string key, MapNode map, params IReadOnlyCollection<string> known) => new(map, _file, Field(key), _problems, known);

    public T? Wrong<T>(string key, SourceNode node, string message, string remedy)
    {
        _problems.Add(_file, node.At, Field(key), $"{Field(key)} {message}.", remedy);
        return default;
    }

    /// <summary>Where a field's value stands, for problems that show later.</summary>
    public Position At(string key) => _entries.TryGetValue(key, out var entry) ? entry.Value.At : Position.None;

    private string Field(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    // 5.0 and 5 are the same limit, and must be the same hash.
    private static decimal Normal(decimal value) => value / 1.000000000000000000000000000000000m;
}
