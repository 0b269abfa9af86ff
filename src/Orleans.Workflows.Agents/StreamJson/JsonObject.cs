using System.Text.Json;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Walks the properties of one JSON object in one pass, in whatever order they stand, without building a tree.</summary>
internal ref struct JsonObject
{
    // Tool inputs nest as deep as a model likes; the default of 64 would make a good line a broken one.
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 4_096 };

    private readonly ReadOnlySpan<byte> _json;
    private readonly bool _isObject;
    private ReadOnlySpan<byte> _name;
    private int _start;
    private int _end;

    /// <summary>Stands on the value of the current property; on its end where that is an object or array.</summary>
    public Utf8JsonReader Reader;

    public JsonObject(ReadOnlySpan<byte> json)
    {
        _json = json;
        _isObject = !json.IsEmpty && json[0] == '{';
        Reader = new Utf8JsonReader(json, Options);
        if (_isObject)
        {
            Reader.Read();
        }
    }

    /// <summary>The current value as it stands in the text.</summary>
    public readonly ReadOnlySpan<byte> Raw => _json[_start.._end];

    /// <summary>The inside of a plain string, cut at 200 bytes; empty for anything else. For ids and names, which have no escapes.</summary>
    public readonly ReadOnlySpan<byte> Plain =>
        Reader.TokenType == JsonTokenType.String && !Reader.ValueIsEscaped ? Reader.ValueSpan[..Math.Min(200, Reader.ValueSpan.Length)] : default;

    /// <summary>Moves to the next property. Throws <see cref="JsonException"/> on broken JSON, also behind the object.</summary>
    public bool Next()
    {
        if (!_isObject || !Reader.Read())
        {
            return false;
        }

        if (Reader.TokenType != JsonTokenType.PropertyName)
        {
            Reader.Read();
            return false;
        }

        _name = Reader.ValueSpan;
        Reader.Read();
        _start = (int)Reader.TokenStartIndex;
        if (Reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            Reader.Skip();
        }

        _end = (int)Reader.BytesConsumed;
        return true;
    }

    public readonly bool Is(ReadOnlySpan<byte> name) => _name.SequenceEqual(name);

    /// <summary>The property's name, for objects that are maps.</summary>
    public readonly string Name => JsonText.Unescape(_name, _name.Contains((byte)'\\'), 200);

    public readonly string? Text(int limit = AgentEvent.TextLimit) => JsonText.String(Reader, limit);
}
