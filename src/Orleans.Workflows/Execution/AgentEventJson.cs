using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Execution;

/// <summary>The stored shape of agents' events: camel case, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AgentEvent))]
internal sealed partial class AgentEventJson : JsonSerializerContext
{
    /// <summary>Comma-separated objects, without brackets.</summary>
    public static byte[] Write(IReadOnlyList<AgentEvent> events)
    {
        if (events.Count == 0)
        {
            return [];
        }

        using var stream = new MemoryStream(events.Count * 128);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        for (var i = 0; i < events.Count; i++)
        {
            if (i > 0)
            {
                stream.WriteByte((byte)',');
            }

            JsonSerializer.Serialize(json, events[i], Default.AgentEvent);
            json.Flush();
            json.Reset();
        }

        return stream.ToArray();
    }
}
