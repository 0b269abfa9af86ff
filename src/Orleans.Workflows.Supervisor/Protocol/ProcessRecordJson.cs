using System.Text.Json;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// A <see cref="ProcessRecord"/> as it stands in <see cref="AttemptFiles.Record"/>:
/// <code>{"pid":6294,"startTime":1602096,"bootId":"f864261a-153b-4050-b1c4-4bfb547b6918"}</code>
/// </summary>
internal static class ProcessRecordJson
{
    private const int UsualBytes = 128;

    internal static byte[] Encode(ProcessRecord record)
    {
        var text = new JsonText(UsualBytes);
        text.Open((byte)'{');
        text.Number("pid"u8, record.Pid);
        text.Number("startTime"u8, record.StartTime);
        text.Text("bootId"u8, record.BootId);
        text.Close((byte)'}');
        return text.Written.ToArray();
    }

    /// <exception cref="JsonException">The bytes are no process record.</exception>
    internal static ProcessRecord Decode(ReadOnlyMemory<byte> json) => JsonFields.Read(json, record => new ProcessRecord
    {
        Pid = record.Required("pid").GetInt32(),
        StartTime = record.Required("startTime").GetInt64(),
        BootId = record.Required("bootId").GetString() ?? throw new JsonException("A process record has no boot."),
    });
}
