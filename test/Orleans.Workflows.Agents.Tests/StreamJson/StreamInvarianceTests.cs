using System.Text;
using CsCheck;

namespace Orleans.Workflows.Agents.Tests.StreamJson;

public sealed class StreamInvarianceTests
{
    private static readonly IAgentAdapter Claude = AgentCatalog.Shipped().Find("claude")!;

    public static TheoryData<string> Names => [.. Transcript.Names];

    [Fact]
    public void The_same_comes_out_at_every_cut_of_a_stream()
    {
        var bytes = Transcript.Bytes("badresume");
        var whole = Recording.Of(Claude, bytes, [bytes.Length]);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, Recording.Of(Claude, bytes, [cut, bytes.Length]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_comes_out_however_a_recorded_stream_is_cut(string name)
    {
        var bytes = Transcript.Bytes(name);
        var whole = Recording.Of(Claude, bytes, [bytes.Length]);

        Gen.OneOf(Gen.Int[1, 9], Gen.Int[1, 5_000]).Array[1, 50].Sample(
            sizes => Assert.Equal(whole, Recording.Of(Claude, bytes, sizes)), iter: 20);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_parser_continued_from_its_snapshot_at_any_line_changes_nothing(string name)
    {
        var bytes = Transcript.Bytes(name);
        var whole = Recording.Of(Claude, bytes, [bytes.Length]);
        var lines = bytes.Count(b => b == '\n') + 1;

        Assert.Equal(whole, Recording.Of(Claude, bytes, [bytes.Length], _ => true));
        for (var line = 0; line < lines; line++)
        {
            Assert.Equal(whole, Recording.Of(Claude, bytes, [bytes.Length], at => at == line));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_usage_rows_add_up_to_the_progress_after_every_line(string name)
    {
        var text = Encoding.UTF8.GetString(Transcript.Bytes(name));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var count = 0; count <= lines.Length; count++)
        {
            var parser = Claude.CreateParser(AgentBaseline.None, []);
            var batch = new AgentEventBatch();
            foreach (var line in lines[..count])
            {
                parser.Parse(Encoding.UTF8.GetBytes(line), batch);
            }

            var rows = Recording.Of(Claude, Encoding.UTF8.GetBytes(string.Join('\n', lines[..count])), [4_096]).Rows;
            Assert.Equal(parser.Progress.Usage, rows);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_snapshot_is_small(string name) =>
        Assert.InRange(Recording.Of(Claude, Transcript.Bytes(name), [4_096]).Snapshot.Length / 2, 1, 8_192);
}
