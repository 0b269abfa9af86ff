using System.Globalization;
using System.Text.Json.Nodes;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>A value of a YAML or JSON file together with where it stands.</summary>
internal abstract record SourceNode(Position At)
{
    public abstract JsonNode? ToJson();
}

internal sealed record ScalarNode(Position At, string Text, ScalarKind Kind) : SourceNode(At)
{
    public override JsonNode? ToJson() => Kind switch
    {
        ScalarKind.Null => null,
        ScalarKind.Boolean => JsonValue.Create(bool.Parse(Text)),
        ScalarKind.Integer when long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => JsonValue.Create(integer),
        ScalarKind.Integer or ScalarKind.Number when decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(Text),
    };
}

internal sealed record ListNode(Position At, IReadOnlyList<SourceNode> Items) : SourceNode(At)
{
    public override JsonNode ToJson() => new JsonArray([.. Items.Select(item => item.ToJson())]);
}

internal sealed record MapNode(Position At, IReadOnlyList<MapEntry> Entries) : SourceNode(At)
{
    public override JsonNode ToJson() => new JsonObject(Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToJson())));
}

internal sealed record MapEntry(Position At, string Key, SourceNode Value);
