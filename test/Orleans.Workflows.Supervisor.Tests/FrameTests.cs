using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class FrameTests
{
    [Fact]
    public void The_documented_sample_is_what_is_sent()
    {
        Assert.Equal("09000000" + "03" + "00" + "02006D31" + "68690A", Convert.ToHexString(Frame.Encode(FrameKind.Input, id: "m1", bytes: "hi\n"u8)));
    }

    [Fact]
    public void Frames_come_out_the_same_however_the_bytes_are_cut()
    {
        byte[] stream =
        [
            .. Frame.Encode(FrameKind.Grew, [5, long.MaxValue]),
            .. Frame.Encode(FrameKind.Input, id: "ü", bytes: new byte[9000]),
            .. Frame.Encode(FrameKind.CloseStdin),
        ];
        foreach (var cut in new[] { 1, 3, 4096, stream.Length })
        {
            var reader = new FrameReader();
            var seen = new List<(FrameKind, long, string, int)>();
            for (var at = 0; at < stream.Length;)
            {
                var space = reader.Space();
                var count = Math.Min(Math.Min(cut, stream.Length - at), space.Length);
                stream.AsSpan(at, count).CopyTo(space.Span);
                reader.Advance(count);
                at += count;
                while (reader.TryRead(out var frame))
                    seen.Add((frame.Kind, frame.Number(1), frame.Id, frame.Bytes.Length));
            }

            Assert.Equal([(FrameKind.Grew, long.MaxValue, "", 0), (FrameKind.Input, 0, "ü", 9000), (FrameKind.CloseStdin, 0, "", 0)], seen);
        }
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("04000000030900" + "00")]
    [InlineData("0400000003000900")]
    public void What_is_no_frame_is_refused(string hex)
    {
        var reader = new FrameReader();
        var bytes = Convert.FromHexString(hex);
        bytes.CopyTo(reader.Space());
        reader.Advance(bytes.Length);
        Assert.Throws<InvalidDataException>(() => reader.TryRead(out _));
    }
}
