using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Api.Runs;

/// <summary>One event of a stored batch, not parsed further than its bounds: its bytes go on as they are.</summary>
/// <param name="Json">An object with <c>type</c>.</param>
internal readonly record struct StoredEvent(long Seq, DateTimeOffset At, int? Attempt, ReadOnlyMemory<byte> Json)
{
    // {"type":"accepted","queue":"default"} is written as {"seq":1,"at":"…","attempt":null,"type":"accepted","queue":"default"}
    private const int Head = 128;

    /// <summary>The batch's events after <paramref name="afterSeq"/>.</summary>
    public static IEnumerable<StoredEvent> Split(EventBatchRow batch, long afterSeq)
    {
        var seq = batch.FirstSeq;
        foreach (var (start, end) in Bounds(batch.Events.Span))
        {
            if (seq > afterSeq)
            {
                yield return new(seq, batch.At, batch.Attempt, batch.Events[start..end]);
            }

            seq++;
        }
    }

    public string Type
    {
        get
        {
            var reader = new Utf8JsonReader(Json.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType && reader.TokenType == JsonTokenType.String)
                {
                    return reader.GetString()!;
                }

                reader.Skip();
            }

            return "unknown";
        }
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        Span<byte> head = stackalloc byte[Head];
        "{\"seq\":"u8.CopyTo(head);
        var length = 7;
        Utf8Formatter.TryFormat(Seq, head[length..], out var written);
        length += written;
        Append(head, ref length, ",\"at\":\""u8);
        At.UtcDateTime.TryFormat(head[length..], out written, UtcTimeJsonConverter.Format, CultureInfo.InvariantCulture);
        length += written;
        Append(head, ref length, "\",\"attempt\":"u8);
        if (Attempt is { } attempt)
        {
            Utf8Formatter.TryFormat(attempt, head[length..], out written);
            length += written;
        }
        else
        {
            Append(head, ref length, "null"u8);
        }

        Append(head, ref length, ","u8);
        output.Write(head[..length]);
        output.Write(Json.Span[1..]);
    }

    private static void Append(Span<byte> target, ref int length, ReadOnlySpan<byte> text)
    {
        text.CopyTo(target[length..]);
        length += text.Length;
    }

    private static List<(int Start, int End)> Bounds(ReadOnlySpan<byte> array)
    {
        var bounds = new List<(int, int)>();
        var reader = new Utf8JsonReader(array);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            bounds.Add((start, (int)reader.BytesConsumed));
        }

        return bounds;
    }
}
