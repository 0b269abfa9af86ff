using System.Text.Json;
using Orleans.Workflows.Agents.StreamJson;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.Command;

/// <summary>
/// Reads what any program prints. As text, lines are not interpreted: the last 16 KB are the result text. As JSON lines:
/// <code>
/// {"type":"text","text":"…"}                         a message for the history; the last one is the result text
/// {"type":"progress","text":"…","turns":3}           a notice; turns so far, if given
/// {"type":"usage","model":"m","inputTokens":1,"outputTokens":2,"cacheReadTokens":0,"cacheCreationTokens":0,"costUsd":0.1}   adds to the numbers
/// {"type":"result","text":"…","isError":false,"output":{…}}   the result; output is the structured output
/// </code>
/// All fields but <c>type</c> are optional; other types are skipped; a line that is no JSON object counts as broken and as text.
/// </summary>
internal sealed class CommandParser : IAgentParser
{
    private const byte FormatVersion = 1;

    private readonly OutputTail _tail = new();
    private readonly Dictionary<string, TokenUsage> _models = [];
    private bool _readsJsonLines;
    private AgentPhase _phase;
    private int? _turns;
    private int _rows;
    private int _brokenLines;
    private int _results;
    private TokenUsage _usage = TokenUsage.Unknown;

    public CommandParser(bool readsJsonLines, ReadOnlySpan<byte> snapshot)
    {
        _readsJsonLines = readsJsonLines;
        if (!snapshot.IsEmpty)
        {
            Load(snapshot);
        }
    }

    public string? Text { get; private set; }

    public string? Output { get; private set; }

    public bool IsError { get; private set; }

    public string? ResultText => Text ?? _tail.Text;

    public AgentProgress Progress => new()
    {
        Phase = _phase,
        Turns = _turns,
        Usage = _usage,
        Models = new Dictionary<string, TokenUsage>(_models),
        Results = _results,
        BrokenLines = _brokenLines,
    };

    public void Parse(ReadOnlySpan<byte> line, AgentEventBatch sink)
    {
        _phase = _phase == AgentPhase.Spawned ? AgentPhase.Tool : _phase;
        if (!_readsJsonLines)
        {
            _tail.Append(line);
            return;
        }

        try
        {
            OnLine(line, sink);
        }
        catch (JsonException)
        {
            OnBroken(line);
        }
    }

    public void Skip(long length, AgentEventBatch sink)
    {
        _brokenLines++;
        sink.Events.Add(new AgentNotice("warning", $"A line of {length} bytes is longer than the limit and was not read; the transcript holds it."));
    }

    private void OnBroken(ReadOnlySpan<byte> line)
    {
        _brokenLines++;
        _tail.Append(line);
    }

    private void OnLine(ReadOnlySpan<byte> line, AgentEventBatch sink)
    {
        ReadOnlySpan<byte> type = default;
        string? text = null, output = null, model = null;
        int? turns = null;
        var isError = false;
        var usage = TokenUsage.Unknown;
        if (line.IsEmpty || line[0] != '{')
        {
            OnBroken(line);
            return;
        }

        var properties = new JsonObject(line);
        while (properties.Next())
        {
            if (properties.Is("type"u8))
            {
                type = properties.Plain;
            }
            else if (properties.Is("text"u8))
            {
                text = properties.Text(TurnResult.TextLimit);
            }
            else if (properties.Is("output"u8))
            {
                output = properties.Raw.Length <= TurnResult.TextLimit ? JsonText.Raw(properties.Raw, TurnResult.TextLimit) : null;
            }
            else if (properties.Is("model"u8))
            {
                model = properties.Text(200);
            }
            else if (properties.Is("turns"u8))
            {
                turns = (int?)Math.Min(JsonText.Count(properties.Reader) ?? -1, int.MaxValue);
                turns = turns < 0 ? null : turns;
            }
            else if (properties.Is("isError"u8))
            {
                isError = JsonText.IsTrue(properties.Reader);
            }
            else
            {
                usage = Number(properties, usage);
            }
        }

        if (type.SequenceEqual("text"u8))
        {
            Text = text ?? Text;
            sink.Events.Add(new AgentMessage(null, _turns, Cut(text ?? ""), false, null));
        }
        else if (type.SequenceEqual("progress"u8))
        {
            _turns = turns ?? _turns;
            sink.Events.Add(new AgentNotice("info", Cut(text ?? "")));
        }
        else if (type.SequenceEqual("usage"u8))
        {
            OnUsage(model, usage, sink);
        }
        else if (type.SequenceEqual("result"u8))
        {
            (Text, Output, IsError) = (text ?? Text, output, isError);
            _turns = turns ?? _turns;
            _results++;
            _phase = AgentPhase.Result;
            sink.Events.Add(new TurnEnded(null, isError, null, turns, null, Cut(text ?? "")));
        }
    }

    private static TokenUsage Number(in JsonObject property, TokenUsage usage) =>
        property.Is("inputTokens"u8) ? usage with { InputTokens = JsonText.Count(property.Reader) }
        : property.Is("outputTokens"u8) ? usage with { OutputTokens = JsonText.Count(property.Reader) }
        : property.Is("cacheReadTokens"u8) ? usage with { CacheReadTokens = JsonText.Count(property.Reader) }
        : property.Is("cacheCreationTokens"u8) ? usage with { CacheCreationTokens = JsonText.Count(property.Reader) }
        : property.Is("costUsd"u8) ? usage with { CostUsd = JsonText.Dollars(property.Reader) }
        : usage;

    private void OnUsage(string? model, TokenUsage usage, AgentEventBatch sink)
    {
        _usage = _usage.Add(usage);
        if (model is not null && (_models.ContainsKey(model) || _models.Count < 32))
        {
            _models[model] = _models.GetValueOrDefault(model, TokenUsage.Unknown).Add(usage);
        }

        sink.Record(new UsageEntry($"usage:{_rows++}", model, null, usage));
    }

    private static string Cut(string text) => text.Length > AgentEvent.TextLimit ? text[..AgentEvent.TextLimit] : text;

    public byte[] Snapshot()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(FormatVersion);
        writer.Write(_readsJsonLines);
        writer.Write((byte)_phase);
        writer.WriteNumber(_turns);
        writer.Write7BitEncodedInt(_rows);
        writer.Write7BitEncodedInt(_brokenLines);
        writer.Write7BitEncodedInt(_results);
        writer.WriteUsage(_usage);
        writer.Write7BitEncodedInt(_models.Count);
        foreach (var (model, usage) in _models)
        {
            writer.Write(model);
            writer.WriteUsage(usage);
        }

        writer.WriteText(Text);
        writer.WriteText(Output);
        writer.Write(IsError);
        _tail.Save(writer);
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

        _readsJsonLines = reader.ReadBoolean();
        _phase = (AgentPhase)reader.ReadByte();
        _turns = (int?)reader.ReadNumber();
        _rows = reader.Read7BitEncodedInt();
        _brokenLines = reader.Read7BitEncodedInt();
        _results = reader.Read7BitEncodedInt();
        _usage = reader.ReadUsage();
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            _models[reader.ReadString()] = reader.ReadUsage();
        }

        Text = reader.ReadText();
        Output = reader.ReadText();
        IsError = reader.ReadBoolean();
        _tail.Load(reader);
    }
}
