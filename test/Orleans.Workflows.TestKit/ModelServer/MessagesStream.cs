using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>Writes a reply as server-sent events, flushed one by one: https://docs.claude.com/en/docs/build-with-claude/streaming.</summary>
internal sealed partial class MessagesStream(HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
{
    private const int InputChunk = 40;

    public Task StartAsync(ModelRequest request, ModelReply reply)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        return WriteAsync(new JsonObject { ["type"] = "message_start", ["message"] = MessagesBody.MessageStart(request, reply) });
    }

    public async Task SendAsync(ModelReply reply)
    {
        var index = 0;
        foreach (var block in MessagesBody.Blocks(reply))
        {
            var (start, deltas) = Split(block);
            await StartBlockAsync(index, start);
            foreach (var delta in deltas)
            {
                await DeltaAsync(index, delta);
                await PauseAsync(reply.BetweenDeltas);
            }

            await WriteAsync(new JsonObject { ["type"] = "content_block_stop", ["index"] = index++ });
        }

        await WriteAsync(new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = MessagesBody.StopReason(reply), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = reply.Usage.Output },
        });
        await WriteAsync(new JsonObject { ["type"] = "message_stop" });
    }

    /// <summary>Begins a text block and leaves it open.</summary>
    public async Task SendPartialAsync(string text)
    {
        await StartBlockAsync(0, new JsonObject { ["type"] = "text", ["text"] = "" });
        await DeltaAsync(0, new JsonObject { ["type"] = "text_delta", ["text"] = text });
    }

    public async Task WriteAsync(JsonObject data)
    {
        await response.WriteAsync($"event: {data["type"]}\ndata: {data.ToJsonString()}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    private Task StartBlockAsync(int index, JsonObject block) =>
        WriteAsync(new JsonObject { ["type"] = "content_block_start", ["index"] = index, ["content_block"] = block });

    private Task DeltaAsync(int index, JsonObject delta) =>
        WriteAsync(new JsonObject { ["type"] = "content_block_delta", ["index"] = index, ["delta"] = delta });

    private Task PauseAsync(TimeSpan pause) =>
        pause > TimeSpan.Zero ? Task.Delay(pause, time, cancellationToken) : Task.CompletedTask;

    /// <summary>A block as its stream begins it, and the deltas that make it whole.</summary>
    private static (JsonObject Start, IEnumerable<JsonObject> Deltas) Split(JsonObject block)
    {
        var start = (JsonObject)block.DeepClone();
        switch ((string)block["type"]!)
        {
            case "thinking":
                start["thinking"] = "";
                start["signature"] = "";
                return (start,
                [
                    new JsonObject { ["type"] = "thinking_delta", ["thinking"] = block["thinking"]!.DeepClone() },
                    new JsonObject { ["type"] = "signature_delta", ["signature"] = block["signature"]!.DeepClone() },
                ]);
            case "text":
                start["text"] = "";
                return (start, Words().Matches((string)block["text"]!)
                    .Select(word => new JsonObject { ["type"] = "text_delta", ["text"] = word.Value }));
            default:
                start["input"] = new JsonObject();
                return (start, block["input"]!.ToJsonString().Chunk(InputChunk)
                    .Select(part => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = new string(part) }));
        }
    }

    [GeneratedRegex(@"\S+\s*|\s+")]
    private static partial Regex Words();
}
