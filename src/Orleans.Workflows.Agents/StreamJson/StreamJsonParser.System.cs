using System.Text;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Lines about the process: start, retries, limits, permissions, background tasks.</summary>
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

    // {"type":"system","subtype":"api_retry","attempt":1,"max_retries":10,"retry_delay_ms":518,"error_status":429,"error":"rate_limit"}
    private void OnRetry(ReadOnlySpan<byte> json, AgentEventBatch sink)
    {
        BeginTurn();
        int? attempt = null, most = null, status = null;
        long? delay = null;
        string? error = null;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("attempt"u8))
            {
                attempt = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("max_retries"u8))
            {
                most = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("retry_delay_ms"u8))
            {
                delay = JsonText.Count(properties.Reader);
            }
            else if (properties.Is("error_status"u8))
            {
                status = JsonText.SmallCount(properties.Reader);
            }
            else if (properties.Is("error"u8))
            {
                error = properties.Text(200);
            }
        }

        State.Phase = AgentPhase.Retrying;
        State.RetryingOn = ServiceError.Code(status, error);
        State.RetryDelayMs = delay;
        sink.Events.Add(new ModelRetry(attempt, most, delay, status, error));
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

    // The whole list each time, so it also corrects what a lost line left behind.
    private void OnTasksChanged(ReadOnlySpan<byte> json)
    {
        _tasks.Clear();
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (!properties.Is("tasks"u8))
            {
                continue;
            }

            var tasks = new JsonArray(properties.Raw);
            while (tasks.Next())
            {
                var task = new JsonObject(tasks.Raw);
                while (task.Next())
                {
                    if (task.Is("task_id"u8) && !task.Plain.IsEmpty)
                    {
                        _tasks.Add(IdHash.Of(task.Plain));
                    }
                }
            }
        }
    }

    private void OnTask(ReadOnlySpan<byte> json, ReadOnlySpan<byte> subtype, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> id = default;
        string? kind = null, status = null, summary = null;
        var inBackground = false;
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("task_id"u8))
            {
                id = properties.Plain;
            }
            else if (properties.Is("task_type"u8))
            {
                kind = properties.Text(200);
            }
            else if (properties.Is("status"u8))
            {
                status = properties.Text(200);
            }
            else if (properties.Is("summary"u8) || properties.Is("description"u8))
            {
                summary = properties.Text();
            }
            else if (properties.Is("is_backgrounded"u8))
            {
                inBackground = JsonText.IsTrue(properties.Reader);
            }
        }

        if (id.IsEmpty || subtype.SequenceEqual("task_progress"u8) || subtype.SequenceEqual("task_updated"u8))
        {
            return;
        }

        if (subtype.SequenceEqual("task_started"u8) && inBackground)
        {
            _tasks.Add(IdHash.Of(id));
        }
        else if (subtype.SequenceEqual("task_notification"u8))
        {
            _tasks.Remove(IdHash.Of(id));
        }

        sink.Events.Add(new TaskChanged(Encoding.UTF8.GetString(id), kind, status ?? "started", summary));
    }

    private void OnSessionState(ReadOnlySpan<byte> json)
    {
        var properties = new JsonObject(json);
        while (properties.Next())
        {
            if (properties.Is("state"u8) && properties.Plain.SequenceEqual("requires_action"u8))
            {
                State.Phase = AgentPhase.Person;
            }
        }
    }

    private void OnControlRequest(in StreamLine line)
    {
        var request = new JsonObject(line.Request);
        while (request.Next())
        {
            if (request.Is("subtype"u8) && request.Plain.SequenceEqual("can_use_tool"u8))
            {
                State.Phase = AgentPhase.Person;
            }
        }
    }

    private void OnRateLimit(in StreamLine line, AgentEventBatch sink)
    {
        string? status = null, kind = null;
        long? resetsAt = null;
        double? utilization = null;
        var properties = new JsonObject(line.Json);
        while (properties.Next())
        {
            if (!properties.Is("rate_limit_info"u8))
            {
                continue;
            }

            var info = new JsonObject(properties.Raw);
            while (info.Next())
            {
                if (info.Is("status"u8))
                {
                    status = info.Text(200);
                }
                else if (info.Is("rateLimitType"u8))
                {
                    kind = info.Text(200);
                }
                else if (info.Is("resetsAt"u8))
                {
                    resetsAt = JsonText.Count(info.Reader);
                }
                else if (info.Is("utilization"u8))
                {
                    utilization = JsonText.Fraction(info.Reader);
                }
            }
        }

        State.LimitResetsAt = status == "rejected" ? resetsAt : null;
        sink.Events.Add(new RateLimitSeen(status, kind, resetsAt, utilization));
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
