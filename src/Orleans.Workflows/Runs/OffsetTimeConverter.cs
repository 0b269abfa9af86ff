using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Workflows.Runs;

/// <summary>An instant: RFC 3339 with its offset. The framework reads one without in the zone of the machine, which no caller knows.</summary>
internal sealed class OffsetTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TryRead(ref reader, out var value) ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    public static bool TryRead(ref Utf8JsonReader reader, out DateTimeOffset value)
    {
        value = default;
        return reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out value) && HasOffset(reader.GetString()!);
    }

    private static bool HasOffset(string text) => text.IndexOf('T', StringComparison.OrdinalIgnoreCase) is > 0 and var at && text.AsSpan(at).IndexOfAny("Zz+-") > 0;
}
