using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Json;

/// <summary>A run's id as the text that it is everywhere.</summary>
internal sealed class RunIdJsonConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && RunId.TryParse(reader.GetString(), null, out var run) ? run : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
