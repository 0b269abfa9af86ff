using System.Text;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Lines of a turn: what the model said, what its tools answered.</summary>
internal sealed partial class StreamJsonParser
{
    private const string InterruptMark = "[Request interrupted by user";
    private static readonly byte[] InterruptMarkBytes = Encoding.UTF8.GetBytes(InterruptMark);

    private void OnAssistant(in StreamLine line, AgentEventBatch sink)
    {
        BeginTurn();
        ReadOnlySpan<byte> id = default, model = default, content = default, usage = default, stopReason = default;
        var message = new JsonObject(line.Message);
        while (message.Next())
        {
            if (message.Is("id"u8))
            {
                id = message.Plain;
            }
            else if (message.Is("model"u8))
            {
                model = message.Plain;
            }
            else if (message.Is("content"u8))
            {
                content = message.Raw;
            }
            else if (message.Is("usage"u8))
            {
                usage = message.Raw;
            }
            else if (message.Is("stop_reason"u8))
            {
                stopReason = message.Plain;
            }
        }

        State.HasMessages = true;
        State.RetryingOn = null;
        var isModel = !model.SequenceEqual("<synthetic>"u8);
        var parent = line.Parent.IsEmpty ? null : Encoding.UTF8.GetString(line.Parent);
        id = id.IsEmpty ? line.Uuid : id;
        if (isModel && !id.IsEmpty
            && _usage.OnMessage(id, model, parent, MessageNumbers.Read(usage, withOutput: false), isLine: true, sink)
            && parent is null)
        {
            State.Turns++;
        }

        if (stopReason.SequenceEqual("refusal"u8))
        {
            State.Refusal ??= "The model refused.";
        }

        OnContent(content, isModel ? id : default, parent, line.IsApiError, sink);
        State.Phase = _tools.HasOpen ? AgentPhase.Tool : AgentPhase.Model;
    }

    private void OnContent(ReadOnlySpan<byte> content, ReadOnlySpan<byte> messageId, string? parent, bool isError, AgentEventBatch sink)
    {
        var id = messageId.IsEmpty ? null : Encoding.UTF8.GetString(messageId);
        var blocks = new JsonArray(content);
        while (blocks.Next())
        {
            OnBlock(blocks.Raw, id, parent, isError, sink);
        }
    }

    // {"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"pwd"}} or {"type":"text","text":"done"}
    private void OnBlock(ReadOnlySpan<byte> json, string? messageId, string? parent, bool isError, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> type = default, id = default, input = default;
        string? text = null, name = null;
        var block = new JsonObject(json);
        while (block.Next())
        {
            if (block.Is("type"u8))
            {
                type = block.Plain;
            }
            else if (block.Is("text"u8) || block.Is("thinking"u8))
            {
                text = block.Text();
            }
            else if (block.Is("id"u8))
            {
                id = block.Plain;
            }
            else if (block.Is("name"u8))
            {
                name = block.Text(200);
            }
            else if (block.Is("input"u8))
            {
                input = block.Raw;
            }
        }

        if (type.SequenceEqual("text"u8) && text is not null)
        {
            OnText(text, messageId, parent, isError, sink);
        }
        else if (type.SequenceEqual("thinking"u8) && !string.IsNullOrEmpty(text))
        {
            sink.Events.Add(new AgentMessage(messageId, parent is null ? State.Turns : null, text, true, parent));
        }
        else if (type.EndsWith("tool_use"u8) && !id.IsEmpty)
        {
            // Tools that run at the model's service answer inside the message: nothing waits for them here.
            var runsHere = type.SequenceEqual("tool_use"u8);
            if (_tools.OnCall(id, name ?? "?", input, runsHere))
            {
                sink.Events.Add(new ToolStarted(Encoding.UTF8.GetString(id), name ?? "?", input.IsEmpty ? null : JsonText.Raw(input), parent));
            }
        }
    }

    private void OnText(string text, string? messageId, string? parent, bool isError, AgentEventBatch sink)
    {
        if (isError)
        {
            State.ErrorText = text.Length > 500 ? text[..500] : text;
            sink.Events.Add(new AgentNotice("error", text));
        }
        else
        {
            sink.Events.Add(new AgentMessage(messageId, parent is null && messageId is not null ? State.Turns : null, text, false, parent));
        }
    }

    private void OnUser(in StreamLine line, AgentEventBatch sink)
    {
        if (line.IsReplay)
        {
            if (!line.Uuid.IsEmpty)
            {
                sink.Events.Add(new InputAccepted(Encoding.UTF8.GetString(line.Uuid)));
            }

            return;
        }

        if (State.Results == 0 || line.Json.IndexOf(InterruptMarkBytes) < 0)
        {
            BeginTurn();
        }

        var message = new JsonObject(line.Message);
        while (message.Next())
        {
            if (message.Is("content"u8))
            {
                var blocks = new JsonArray(message.Raw);
                while (blocks.Next())
                {
                    OnAnswer(blocks.Raw, sink);
                }
            }
        }

        State.Phase = _tools.HasOpen ? AgentPhase.Tool : AgentPhase.Model;
    }

    // {"tool_use_id":"toolu_1","type":"tool_result","content":"/work","is_error":false}
    private void OnAnswer(ReadOnlySpan<byte> json, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> type = default, id = default, content = default;
        string? text = null;
        var isError = false;
        var block = new JsonObject(json);
        while (block.Next())
        {
            if (block.Is("type"u8))
            {
                type = block.Plain;
            }
            else if (block.Is("tool_use_id"u8))
            {
                id = block.Plain;
            }
            else if (block.Is("content"u8) || block.Is("text"u8))
            {
                content = block.Raw;
                text = block.Text();
            }
            else if (block.Is("is_error"u8))
            {
                isError = JsonText.IsTrue(block.Reader);
            }
        }

        if (type.SequenceEqual("tool_result"u8) && !id.IsEmpty)
        {
            var call = Encoding.UTF8.GetString(id);
            sink.Events.Add(new ToolFinished(call, _tools.OnFinished(call), isError, text ?? TextBlocks(content)));
        }
        else if (text is not null && text.StartsWith(InterruptMark, StringComparison.Ordinal))
        {
            State.InterruptSeen = true;
        }
    }

    private static string? TextBlocks(ReadOnlySpan<byte> content)
    {
        var text = new StringBuilder();
        var blocks = new JsonArray(content);
        while (blocks.Next())
        {
            var block = new JsonObject(blocks.Raw);
            while (block.Next() && text.Length < AgentEvent.TextLimit)
            {
                if (block.Is("text"u8) && block.Text(AgentEvent.TextLimit - text.Length) is { } piece)
                {
                    text.Append(text.Length > 0 ? "\n" : "").Append(piece);
                }
            }
        }

        return text.Length == 0 ? null : text.ToString(0, Math.Min(text.Length, AgentEvent.TextLimit));
    }

    // Only the start and the end of a message carry numbers; the deltas between are signs of life.
    private void OnStreamEvent(in StreamLine line, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> type = default, message = default, usage = default;
        var properties = new JsonObject(line.Event);
        while (properties.Next())
        {
            if (properties.Is("type"u8))
            {
                type = properties.Plain;
                if (type.StartsWith("content_block"u8))
                {
                    break;
                }
            }
            else if (properties.Is("message"u8))
            {
                message = properties.Raw;
            }
            else if (properties.Is("usage"u8))
            {
                usage = properties.Raw;
            }
        }

        BeginTurn();
        State.RetryingOn = null;
        if (State.Phase is not AgentPhase.Tool || !_tools.HasOpen)
        {
            State.Phase = AgentPhase.Model;
        }

        if (type.SequenceEqual("message_start"u8))
        {
            OnMessageStart(message, line, sink);
        }
        else if (type.SequenceEqual("message_delta"u8) && !usage.IsEmpty)
        {
            OnMessageEnd(usage, line, sink);
        }
    }

    private void OnMessageStart(ReadOnlySpan<byte> json, in StreamLine line, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> id = default, model = default, usage = default;
        var message = new JsonObject(json);
        while (message.Next())
        {
            if (message.Is("id"u8))
            {
                id = message.Plain;
            }
            else if (message.Is("model"u8))
            {
                model = message.Plain;
            }
            else if (message.Is("usage"u8))
            {
                usage = message.Raw;
            }
        }

        if (!id.IsEmpty)
        {
            State.StreamingId = Encoding.UTF8.GetString(id);
            _usage.OnMessage(id, model, Parent(line), MessageNumbers.Read(usage, withOutput: false), isLine: false, sink);
        }
    }

    private void OnMessageEnd(ReadOnlySpan<byte> usage, in StreamLine line, AgentEventBatch sink)
    {
        var id = !line.MessageId.IsEmpty ? line.MessageId : Encoding.UTF8.GetBytes(State.StreamingId ?? "");
        if (!id.IsEmpty)
        {
            var model = Encoding.UTF8.GetBytes(State.Model ?? "");
            _usage.OnMessage(id, model, Parent(line), MessageNumbers.Read(usage, withOutput: true), isLine: false, sink);
        }
    }

    private static string? Parent(in StreamLine line) => line.Parent.IsEmpty ? null : Encoding.UTF8.GetString(line.Parent);
}
