using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orleans.Workflows.Runs;

/// <summary>
/// One name, whatever its case. The framework's converter also takes numbers, and several names separated by commas, whose
/// numbers it combines: <c>Queued,Running</c> would be <c>Paused</c>, and <c>Cancel,Terminate</c> a retry.
/// </summary>
internal sealed class EnumNameConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Names = Enum.GetValues<T>().ToDictionary(value => value.ToString(), StringComparer.OrdinalIgnoreCase);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Names.TryGetValue(reader.GetString()!, out var value) ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
