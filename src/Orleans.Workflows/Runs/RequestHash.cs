using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Orleans.Workflows.Runs;

/// <summary>Tells a repeated request from another one under the same key. The order of names means nothing: many callers' maps have none.</summary>
internal static class RequestHash
{
    public static byte[] Of(StartRunRequest request, RunId? continued)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(JsonSerializer.SerializeToElement(request, RequestJson.Default.StartRunRequest), writer);
        }

        return SHA256.HashData([.. bytes.WrittenSpan, .. continued?.Value.ToByteArray() ?? []]);
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
