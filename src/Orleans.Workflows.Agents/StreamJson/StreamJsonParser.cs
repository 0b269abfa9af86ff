using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>
/// Reads stream-json as Claude Code 2.1 prints it and the scripted agent copies it, for example
/// <code>{"type":"assistant","message":{"id":"msg_1","model":"claude-opus-5-5","content":[{"type":"text","text":"done"}],"usage":{"input_tokens":100,"output_tokens":1}},"parent_tool_use_id":null,"session_id":"…"}</code>
/// Lines are read in place with no tree built; keys may stand in any order.
/// </summary>
internal sealed partial class StreamJsonParser : IAgentParser
{
    private const byte FormatVersion = 2;
    private const int MostNotices = 10;
    private const int MostTasks = 64;

    private readonly AgentBaseline _baseline;
    private readonly UsageFold _usage;
    private readonly ToolFold _tools = new();
    private readonly IdRing _tasks = new(MostTasks);

    public StreamJsonParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot)
    {
        _baseline = baseline;
        _usage = new UsageFold(baseline);
        if (!snapshot.IsEmpty)
        {
            Load(snapshot);
        }
    }

    /// <summary>What <c>Classify</c> judges by.</summary>
    public StreamState State { get; } = new();

    public int Denials => _tools.Denials;

    public AgentProgress Progress => new()
    {
        Phase = State.Phase,
        SessionId = State.SessionId,
        Model = State.Model,
        AgentVersion = State.Version,
        Turns = PrintsMessages ? State.Turns : State.AgentTurns,
        AgentTurns = State.AgentTurns,
        ToolCalls = PrintsMessages || State.AgentTurns is null or 0 ? _tools.Calls : null,
        Tools = _tools.Names,
        OpenTools = _tools.Open,
        Unanswered = _tools.Unanswered,
        Usage = _usage.Total,
        Models = _usage.Models,
        SessionModels = _usage.SessionModels,
        SessionCostUsd = _usage.SessionCost,
        ApiMs = State.SessionApiMs is { } ms ? ms >= _baseline.ApiMs ? ms - _baseline.ApiMs : ms : null,
        SessionApiMs = State.SessionApiMs,
        PermissionDenials = _tools.Denials,
        BackgroundTasks = _tasks.Count,
        Results = State.Results,
        BrokenLines = State.BrokenLines,
        RetryingOn = State.RetryingOn,
    };

    // With --output-format json there is one result and nothing to count: then only the agent's own count is known.
    private bool PrintsMessages => State.HasInit || State.HasMessages || State.Results == 0;

    public void Parse(ReadOnlySpan<byte> line, AgentEventBatch sink)
    {
        State.Lines++;
        line = Trim(line);
        if (line.IsEmpty)
        {
            return;
        }

        if (line[0] != '{')
        {
            OnBroken(line, sink);
            return;
        }

        StreamLine parts;
        try
        {
            parts = StreamLine.Read(line);
        }
        catch (JsonException)
        {
            OnBroken(line, sink);
            return;
        }

        Dispatch(parts, sink);
    }

    public void Skip(long length, AgentEventBatch sink)
    {
        State.Lines++;
        State.BrokenLines++;
        Notice("warning", $"A line of {length} bytes is longer than the limit and was not read; the transcript holds it.", sink);
    }

    private void Dispatch(in StreamLine line, AgentEventBatch sink)
    {
        if (State.SessionId is null && !line.SessionId.IsEmpty)
        {
            State.SessionId = Encoding.UTF8.GetString(line.SessionId);
        }

        if (line.Type.SequenceEqual("stream_event"u8))
        {
            OnStreamEvent(line, sink);
        }
        else if (line.Type.SequenceEqual("assistant"u8))
        {
            OnAssistant(line, sink);
        }
        else if (line.Type.SequenceEqual("user"u8))
        {
            OnUser(line, sink);
        }
        else if (line.Type.SequenceEqual("system"u8))
        {
            OnSystem(line, sink);
        }
        else if (line.Type.SequenceEqual("result"u8))
        {
            OnResult(line, sink);
        }
        else if (line.Type.SequenceEqual("control_request"u8))
        {
            OnControlRequest(line);
        }
        else if (line.Type.SequenceEqual("rate_limit_event"u8))
        {
            OnRateLimit(line, sink);
        }
    }

    private void OnBroken(ReadOnlySpan<byte> line, AgentEventBatch sink)
    {
        State.BrokenLines++;
        Notice("warning", "Not JSON: " + JsonText.Raw(line, 200), sink);
    }

    // A program that prints only garbage must not fill the history with it.
    private void Notice(string level, string text, AgentEventBatch sink)
    {
        if (State.BrokenLines <= MostNotices)
        {
            sink.Events.Add(new AgentNotice(level, text));
        }
    }

    private void BeginTurn()
    {
        if (State.Results > 0 && !State.TurnIsOpen)
        {
            State.Refusal = null;
            State.ErrorText = null;
            State.InterruptSeen = false;
            State.Result = null;
        }

        State.TurnIsOpen = true;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        line = line.StartsWith(mark) ? line[mark.Length..] : line;
        return line.Trim(" \t\r"u8);
    }

    public byte[] Snapshot()
    {
        using var stream = new MemoryStream(2_048);
        using var writer = new BinaryWriter(stream);
        writer.Write(FormatVersion);
        State.Save(writer);
        _usage.Save(writer);
        _tools.Save(writer);
        _tasks.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private void Load(ReadOnlySpan<byte> snapshot)
    {
        using var reader = new BinaryReader(new MemoryStream(snapshot.ToArray()));
        var version = reader.ReadByte();
        if (version != FormatVersion)
        {
            throw new InvalidDataException($"The parser's snapshot has format {version}; this build reads {FormatVersion}.");
        }

        State.Load(reader);
        _usage.Load(reader);
        _tools.Load(reader);
        _tasks.Load(reader);
    }
}
