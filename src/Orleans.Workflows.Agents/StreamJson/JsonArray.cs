using System.Text.Json;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Walks the items of one JSON array.</summary>
internal ref struct JsonArray
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _isArray;
    private int _start;
    private int _end;

    public Utf8JsonReader Reader;

    public JsonArray(ReadOnlySpan<byte> json)
    {
        _json = json;
        _isArray = !json.IsEmpty && json[0] == '[';
        Reader = new Utf8JsonReader(json, JsonObject.Options);
        if (_isArray)
        {
            Reader.Read();
        }
    }

    public readonly ReadOnlySpan<byte> Raw => _json[_start.._end];

    public bool Next()
    {
        if (!_isArray || !Reader.Read() || Reader.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        _start = (int)Reader.TokenStartIndex;
        if (Reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            Reader.Skip();
        }

        _end = (int)Reader.BytesConsumed;
        return true;
    }
}
