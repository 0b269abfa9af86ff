using System.Buffers;
using System.Text.Json;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Lines for an agent's stdin.</summary>
internal static class StreamJsonInput
{
    /// <summary><c>{"type":"user","uuid":"…","message":{"role":"user","content":"…"},"parent_tool_use_id":null,"session_id":""}</c></summary>
    public static byte[] Message(Guid id, string text) => Line(writer =>
    {
        writer.WriteString("type"u8, "user"u8);
        writer.WriteString("uuid"u8, id);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "user"u8);
        writer.WriteString("content"u8, text);
        writer.WriteEndObject();
        writer.WriteNull("parent_tool_use_id"u8);
        writer.WriteString("session_id"u8, ""u8);
    });

    /// <summary><c>{"type":"control_request","request_id":"…","request":{"subtype":"interrupt"}}</c></summary>
    public static byte[] Interrupt(Guid id) => Line(writer =>
    {
        writer.WriteString("type"u8, "control_request"u8);
        writer.WriteString("request_id"u8, id);
        writer.WriteStartObject("request"u8);
        writer.WriteString("subtype"u8, "interrupt"u8);
        writer.WriteEndObject();
    });

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
