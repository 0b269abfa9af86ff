using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Json;

/// <summary>RFC 3339 in UTC with microseconds: <c>2026-01-31T08:00:00.000000Z</c>.</summary>
internal sealed class UtcTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    public const string Format = "yyyy-MM-ddTHH:mm:ss.ffffffZ";
    public const int Length = 27;

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OffsetTimeConverter.TryRead(ref reader, out var value) ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[Length];
        value.UtcDateTime.TryFormat(text, out var written, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }
}
