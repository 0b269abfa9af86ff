using System.Text;
using CsCheck;
using Orleans.Workflows.Agents.Framing;

namespace Orleans.Workflows.Agents.Tests.Framing;

public sealed class LineFramerTests
{
    private const int Limit = 40;

    private static readonly string[] Texts = ["", "a", "\r", "ä", "€", "😀", "{\"x\":1}", new('4', Limit), new('5', Limit + 1)];
    private static readonly string[] Ends = ["\n", "\r\n", "\n\n", ""];
    private static readonly Gen<byte[]> Input = Gen.Select(Gen.Int[0, Texts.Length - 1], Gen.Int[0, Ends.Length - 1], (text, end) => Texts[text] + Ends[end])
        .Array[0, 20].Select(pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)));

    [Fact]
    public void Lines_and_offsets_are_the_same_however_the_reads_are_cut() => Gen.Select(Input, Gen.Int[1, 17].Array[1, 30]).Sample((bytes, sizes) =>
        Assert.Equal(Expected(bytes), Read(new LineFramer(Limit), bytes, sizes)));

    [Fact]
    public void A_framer_made_anew_at_any_offset_reads_the_rest() => Gen.Select(Input, Gen.Int[1, 17].Array[1, 30]).Sample((bytes, sizes) =>
    {
        var whole = Expected(bytes);
        for (var i = 0; i < whole.Count; i++)
        {
            var offset = (int)whole[i].Offset;
            Assert.Equal(whole[(i + 1)..], Read(new LineFramer(Limit, offset), bytes[offset..], sizes));
        }
    });

    [Fact]
    public void A_line_that_is_too_long_is_counted_and_the_next_one_is_read()
    {
        var bytes = Encoding.UTF8.GetBytes(new string('x', 5_000_000) + "\nnext\n");

        var lines = Read(new LineFramer(1_000), bytes, [4_096]);

        Assert.Equal([(null, 5_000_000, 5_000_001), ("next", 4, 5_000_006)], lines);
    }

    [Fact]
    public void A_line_inside_one_read_is_not_copied()
    {
        var bytes = "one\ntwo\n"u8.ToArray();
        ReadOnlySpan<byte> unread = bytes;

        Assert.True(new LineFramer(Limit).TryRead(ref unread, out var line));
        Assert.True(line.Bytes.Overlaps(bytes, out var at) && at == 0);
    }

    private static List<(string? Text, long Length, long Offset)> Expected(byte[] bytes)
    {
        var lines = new List<(string?, long, long)>();
        for (var start = 0; start < bytes.Length;)
        {
            var newLine = Array.IndexOf(bytes, (byte)'\n', start);
            var end = newLine < 0 ? bytes.Length : newLine;
            var next = newLine < 0 ? bytes.Length : newLine + 1;
            var line = bytes[start..end];
            if (line.Length > Limit)
            {
                lines.Add((null, line.Length, next));
            }
            else
            {
                line = line is [.., (byte)'\r'] ? line[..^1] : line;
                if (line.Length > 0)
                {
                    lines.Add((Encoding.UTF8.GetString(line), line.Length, next));
                }
            }

            start = next;
        }

        return lines;
    }

    private static List<(string? Text, long Length, long Offset)> Read(LineFramer framer, byte[] bytes, int[] sizes)
    {
        var lines = new List<(string?, long, long)>();
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], bytes.Length - at);
            ReadOnlySpan<byte> unread = bytes.AsSpan(at, size);
            while (framer.TryRead(ref unread, out var line))
            {
                lines.Add((line.IsSkipped ? null : Encoding.UTF8.GetString(line.Bytes), line.Length, framer.Offset));
            }

            at += size;
        }

        if (framer.TryFinish(out var last))
        {
            lines.Add((last.IsSkipped ? null : Encoding.UTF8.GetString(last.Bytes), last.Length, framer.Offset));
        }

        return lines;
    }
}
