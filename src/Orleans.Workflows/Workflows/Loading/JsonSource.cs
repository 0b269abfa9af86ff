using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>Reads strict JSON with positions; columns count characters.</summary>
internal static class JsonSource
{
    private const int DepthLimit = 32;

    public static SourceNode Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DepthLimit });
        try
        {
            reader.Read();
            var node = Node(ref reader, bytes);
            reader.Read();
            return node;
        }
        catch (JsonException e)
        {
            var line = (int)(e.LineNumber ?? 0) + 1;
            throw new SourceException(new Position(line, (int)(e.BytePositionInLine ?? 0) + 1), $"This is not valid JSON: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')}.", "Correct the JSON; it allows no comments and no trailing commas.");
        }
    }

    private static SourceNode Node(ref Utf8JsonReader reader, byte[] bytes)
    {
        var at = At(reader.TokenStartIndex, bytes);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Map(ref reader, bytes, at);
            case JsonTokenType.StartArray:
                var items = new List<SourceNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Node(ref reader, bytes));
                }
                return new ListNode(at, items);
            case JsonTokenType.String:
                return new ScalarNode(at, String(ref reader, at), ScalarKind.Text);
            case JsonTokenType.Number:
                var number = Encoding.UTF8.GetString(reader.ValueSpan);
                return new ScalarNode(at, number, number.AsSpan().ContainsAny(".eE") ? ScalarKind.Number : ScalarKind.Integer);
            case JsonTokenType.Null:
                return new ScalarNode(at, "null", ScalarKind.Null);
            default:
                return new ScalarNode(at, reader.GetBoolean() ? "true" : "false", ScalarKind.Boolean);
        }
    }

    private static MapNode Map(ref Utf8JsonReader reader, byte[] bytes, Position at)
    {
        var entries = new List<MapEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var keyAt = At(reader.TokenStartIndex, bytes);
            var key = String(ref reader, keyAt);
            if (!seen.Add(key))
            {
                throw new SourceException(keyAt, $"The member '{key}' stands here a second time.", "Keep one of them.");
            }
            reader.Read();
            entries.Add(new MapEntry(keyAt, key, Node(ref reader, bytes)));
        }
        return new MapNode(at, entries);
    }

    private static string String(ref Utf8JsonReader reader, Position at)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new SourceException(at, "The text has half a surrogate pair.", "Write whole characters.");
        }
    }

    private static Position At(long index, byte[] bytes)
    {
        var before = bytes.AsSpan(0, (int)index);
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return new Position(before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
