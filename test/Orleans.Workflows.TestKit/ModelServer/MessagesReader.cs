using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>Makes the record of a request, and picks its step.</summary>
internal static class MessagesReader
{
    public static ModelRequest Read(HttpRequest http, JsonElement body, RegisteredScript script)
    {
        var messages = Array(body, "messages");
        var tools = Array(body, "tools").Select(t => Text(t, "name") ?? "").ToArray();
        var turn = messages.Count(m => Text(m, "role") == "assistant");
        var auxiliary = tools.Length == 0 && !script.Script.TurnsComeWithoutTools && !HasOutputSchema(body);
        return new ModelRequest
        {
            Path = $"{http.Path}{http.QueryString}",
            Headers = http.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()),
            Model = Text(body, "model"),
            Stream = body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True,
            MaxTokens = body.TryGetProperty("max_tokens", out var max) && max.TryGetInt32(out var value) ? value : null,
            Messages = body.TryGetProperty("messages", out var all) ? all.Clone() : default,
            System = body.TryGetProperty("system", out var system) ? system.Clone() : default,
            AssistantMessages = turn,
            Tools = tools,
            Auxiliary = auxiliary,
            Step = auxiliary ? ModelStep.Says(script.Script.AuxiliaryText) : script.Turns.Pick(turn),
            MessageId = $"msg_{Guid.NewGuid():N}",
        };
    }

    private static bool HasOutputSchema(JsonElement body) =>
        body.TryGetProperty("output_config", out var output) && output.ValueKind == JsonValueKind.Object
        && output.TryGetProperty("format", out var format) && Text(format, "type") == "json_schema";

    private static JsonElement[] Array(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
