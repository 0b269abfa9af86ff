using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>Prints stream-json as the real CLI does: one message a line, the totals of a result cumulative in the process.</summary>
internal sealed class StreamOutput(AgentOptions options) : IDisposable
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Stream _stream = Console.OpenStandardOutput();
    private readonly ArrayBufferWriter<byte> _line = new(1_024);
    private readonly Lock _lock = new();
    private readonly Totals _totals = new();
    private int _ids;
    private bool _hasInit;

    public Totals Totals => _totals;

    public bool LastResultFailed { get; private set; }

    public string NextId(string prefix) => $"{prefix}_{options.Session.AsSpan(0, Math.Min(8, options.Session.Length))}{Environment.ProcessId:x}{_ids++:x4}";

    public void Line(Action<Utf8JsonWriter> write, string? uuid = null)
    {
        lock (_lock)
        {
            _line.ResetWrittenCount();
            using (var json = new Utf8JsonWriter(_line, Format))
            {
                json.WriteStartObject();
                write(json);
                json.WriteString("session_id"u8, options.Session);
                json.WriteString("uuid"u8, uuid ?? Guid.NewGuid().ToString());
                json.WriteEndObject();
            }

            _line.Write("\n"u8);
            _stream.Write(_line.WrittenSpan);
        }
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _stream.Write(bytes);
        }
    }

    public void Init()
    {
        if (_hasInit)
        {
            return;
        }

        _hasInit = true;
        Line(json =>
        {
            json.WriteString("type"u8, "system"u8);
            json.WriteString("subtype"u8, "init"u8);
            json.WriteString("agent"u8, "scripted"u8);
            json.WriteString("agent_version"u8, "1.0.0"u8);
            json.WriteString("cwd"u8, Environment.CurrentDirectory);
            json.WriteString("model"u8, options.Model);
            json.WriteStartArray("mcp_servers"u8);
            json.WriteEndArray();
        });
    }

    public void Assistant(string? parent, Usage usage, Action<Utf8JsonWriter> block)
    {
        Init();
        _totals.Add(usage);
        Line(json =>
        {
            json.WriteString("type"u8, "assistant"u8);
            json.WriteStartObject("message"u8);
            json.WriteString("id"u8, NextId("msg"));
            json.WriteString("role"u8, "assistant"u8);
            json.WriteString("model"u8, options.Model);
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            block(json);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("usage"u8);
            json.WriteNumber("input_tokens"u8, usage.Input);
            json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheCreation);
            json.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
            json.WriteNumber("output_tokens"u8, 1);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteString("parent_tool_use_id"u8, parent);
        });
    }

    public void User(Action<Utf8JsonWriter> block) => Line(json =>
    {
        json.WriteString("type"u8, "user"u8);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "user"u8);
        json.WriteStartArray("content"u8);
        json.WriteStartObject();
        block(json);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteNull("parent_tool_use_id"u8);
    });

    public void Result(JsonElement step, string? text, bool isError, string subtype, string terminalReason)
    {
        Init();
        LastResultFailed = isError;
        Line(json =>
        {
            json.WriteNumber("duration_api_ms"u8, 0);
            json.WriteNumber("total_cost_usd"u8, step.Money("costUsd") ?? _totals.Cost);
            _totals.Write(json, options.Model);
            WriteDenials(json, step);
            json.WriteString("terminal_reason"u8, step.Text("terminalReason") ?? terminalReason);
            json.WriteString("stop_reason"u8, step.Text("stopReason") ?? "end_turn");
            json.WriteBoolean("is_error"u8, isError);
            json.WriteNumber("num_turns"u8, step.Number("numTurns") ?? _totals.TakeTurns());
            json.WriteString("subtype"u8, subtype);
            Copy(json, step, "apiErrorStatus", "api_error_status");
            Copy(json, step, "apiErrorType", "api_error_type");
            Copy(json, step, "apiError", "api_error");
            Copy(json, step, "errors", "errors");
            Copy(json, step, "structuredOutput", "structured_output");
            if (text is not null)
            {
                json.WriteString("result"u8, text);
            }

            json.WriteString("type"u8, "result"u8);
        });
    }

    private void WriteDenials(Utf8JsonWriter json, JsonElement step)
    {
        json.WriteStartArray("permission_denials"u8);
        foreach (var id in _totals.Denied)
        {
            json.WriteStartObject();
            json.WriteString("tool_name"u8, "Bash"u8);
            json.WriteString("tool_use_id"u8, id);
            json.WriteEndObject();
        }

        for (var i = step.Number("denials") ?? 0; i > 0; i--)
        {
            json.WriteStartObject();
            json.WriteString("tool_name"u8, "Bash"u8);
            json.WriteString("tool_use_id"u8, NextId("denied"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Copy(Utf8JsonWriter json, JsonElement step, string from, string to)
    {
        if (step.ValueKind == JsonValueKind.Object && step.TryGetProperty(from, out var value))
        {
            json.WritePropertyName(to);
            value.WriteTo(json);
        }
    }

    public void Dispose() => _stream.Dispose();
}
