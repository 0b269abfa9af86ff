using System.Text;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Lines about the process: start, permissions, notices.</summary>
internal sealed partial class StreamJsonParser
{
    private void OnSystem(in StreamLine line, AgentEventBatch sink)
    {
        if (line.Subtype.SequenceEqual("init"u8))
        {
            OnInit(line.Json, sink);
        }
        else if (line.Subtype.SequenceEqual("api_retry"u8))
        {
            OnRetry(line.Json, sink);
        }
        else if (line.Subtype.SequenceEqual("permission_denied"u8))
        {
            OnDenied(line.Json, sink);
        }
        else if (line.Subtype.SequenceEqual("background_tasks_changed"u8))
        {
            OnTasksChanged(line.Json);
        }
        else if (line.Subtype.StartsWith("task_"u8))
        {
            OnTask(line.Json, line.Subtype, sink);
        }
        else if (line.Subtype.SequenceEqual("session_state_changed"u8))
        {
            OnSessionState(line.Json);
        }
        else if (line.Subtype.StartsWith("model_refusal"u8))
        {
            var text = Content(line.Json) ?? "The model refused.";
            State.Refusal = text.Length > 500 ? text[..500] : text;
            sink.Events.Add(new AgentNotice("warning", text));
        }
        else if (line.Subtype.SequenceEqual("informational"u8))
        {
            sink.Events.Add(new AgentNotice("info", Content(line.Json) ?? ""));
        }
        else if (line.Subtype.SequenceEqual("compact_boundary"u8))
        {
            sink.Events.Add(new AgentNotice("info", "The agent compacted its context."));
        }
        else if (line.Subtype.SequenceEqual("status"u8) && State.TurnIsOpen && !_tools.HasOpen)
        {
            State.Phase = AgentPhase.Model;
        }
    }

    private void OnInit(ReadOnlySpan<byte> json, AgentEventBatch sink)
    {
        BeginTurn();
        Dictionary<string, string>? servers = null;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("session_id"u8))
            {
                State.SessionId = properties.Text(200) ?? State.SessionId;
            }
            else if (properties.Is("model"u8))
            {
                State.Model = properties.Text(200) ?? State.Model;
            }
            else if (properties.Is("claude_code_version"u8) || properties.Is("agent_version"u8))
            {
                State.Version = properties.Text(200) ?? State.Version;
            }
            else if (properties.Is("mcp_servers"u8))
            {
                servers = Servers(properties.Raw);
            }
            else if (properties.Is("tools"u8))
            {
                State.StructuredOutputAsked |= Has(properties.Raw, "StructuredOutput"u8);
            }
        }

        State.Phase = AgentPhase.Model;
        if (State.HasInit)
        {
            return;
        }

        State.HasInit = true;
        sink.Events.Add(new AgentReady(State.SessionId, State.Model, State.Version, servers));
        foreach (var (name, status) in servers ?? [])
        {
            if (status is "failed")
            {
                sink.Events.Add(new AgentNotice("warning", $"The MCP server '{name}' failed to start: its tools are missing."));
            }
        }
    }

    private static Dictionary<string, string> Servers(ReadOnlySpan<byte> json)
    {
        var servers = new Dictionary<string, string>();
        var items = new JsonArray(json);
        while (items.Next())
        {
            string? name = null, status = null;
            var item = new JsonObject(items.Raw);
            while (item.Next())
            {
                if (item.Is("name"u8))
                {
                    name = item.Text(200);
                }
                else if (item.Is("status"u8))
                {
                    status = item.Text(200);
                }
            }

            if (name is not null)
            {
                servers[name] = status ?? "unknown";
            }
        }

        return servers;
    }

    private static bool Has(ReadOnlySpan<byte> array, ReadOnlySpan<byte> value)
    {
        var items = new JsonArray(array);
        while (items.Next())
        {
            if (items.Reader.TokenType == System.Text.Json.JsonTokenType.String && items.Reader.ValueSpan.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }

    private void OnDenied(ReadOnlySpan<byte> json, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> id = default;
        string? name = null, message = null;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("tool_use_id"u8))
            {
                id = properties.Plain;
            }
            else if (properties.Is("tool_name"u8))
            {
                name = properties.Text(200);
            }
            else if (properties.Is("message"u8))
            {
                message = properties.Text();
            }
        }

        if (_tools.OnDenied(id))
        {
            sink.Events.Add(new ToolDenied(id.IsEmpty ? null : Encoding.UTF8.GetString(id), name, message));
        }
    }

    private static string? Content(ReadOnlySpan<byte> json)
    {
        string? text = null;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("content"u8))
            {
                text = properties.Text();
            }
        }

        return text;
    }
}
