using System.Text;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Lines about what goes on beside the turn: background tasks, and the session's wait for a person.</summary>
internal sealed partial class StreamJsonParser
{
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
}
