using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>The JSON of the Messages API: https://docs.claude.com/en/api/messages.</summary>
internal static class MessagesBody
{
    public static JsonObject Error(string type, string message) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject { ["type"] = type, ["message"] = message },
    };

    public static JsonObject Message(ModelRequest request, ModelReply reply) => new()
    {
        ["id"] = request.MessageId,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = reply.Model ?? request.Model ?? "scripted",
        ["content"] = new JsonArray([.. Blocks(reply)]),
        ["stop_reason"] = StopReason(reply),
        ["stop_sequence"] = null,
        ["usage"] = Usage(reply.Usage, reply.Usage.Output),
    };

    /// <summary>The message as a stream begins it: no content, no reason, one token of output.</summary>
    public static JsonObject MessageStart(ModelRequest request, ModelReply reply)
    {
        var message = Message(request, reply);
        message["content"] = new JsonArray();
        message["stop_reason"] = null;
        message["usage"] = Usage(reply.Usage, output: 1);
        return message;
    }

    public static IEnumerable<JsonObject> Blocks(ModelReply reply)
    {
        if (reply.Thinking is { } thinking)
        {
            yield return new JsonObject { ["type"] = "thinking", ["thinking"] = thinking, ["signature"] = "c2NyaXB0ZWQ=" };
        }

        if (reply.Text is { } text)
        {
            yield return new JsonObject { ["type"] = "text", ["text"] = text };
        }

        foreach (var call in reply.ToolCalls)
        {
            yield return new JsonObject
            {
                ["type"] = "tool_use",
                ["id"] = $"toolu_{Guid.NewGuid():N}",
                ["name"] = call.Name,
                ["input"] = JsonSerializer.SerializeToNode(call.Input),
            };
        }
    }

    public static string StopReason(ModelReply reply) =>
        reply.StopReason ?? (reply.ToolCalls.Count > 0 ? "tool_use" : "end_turn");

    private static JsonObject Usage(ModelUsage usage, long output) => new()
    {
        ["input_tokens"] = usage.Input,
        ["cache_creation_input_tokens"] = usage.CacheCreation,
        ["cache_read_input_tokens"] = usage.CacheRead,
        ["output_tokens"] = output,
    };
}
