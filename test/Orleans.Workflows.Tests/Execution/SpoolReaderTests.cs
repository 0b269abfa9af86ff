using System.Text;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Supervisor.Protocol;
using Orleans.Workflows.Tests.Workspaces;

namespace Orleans.Workflows.Tests.Execution;

public sealed class SpoolReaderTests
{
    private const int LineLimit = 1_000;
    private const int FlushBytes = 400;

    [Fact]
    public void A_line_without_an_end_is_recorded_in_bounded_pieces_and_the_next_one_is_read()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "stdout");
        var bytes = Encoding.UTF8.GetBytes(new string('x', 50_000) + "\nlast\n");
        using var reader = Reader(path, 0, []);
        var recorded = new MemoryStream();
        foreach (var piece in bytes.Chunk(300))
        {
            Append(path, piece);
            while (!reader.Read())
            {
                Assert.True(Record(reader, recorded).Stdout.Length <= LineLimit + 300);
            }
        }

        Record(reader, recorded);
        Assert.Equal(bytes, recorded.ToArray());
        Assert.Equal(2, reader.Parser.Progress.BrokenLines);
    }

    /// <summary>Whatever is recorded when, a reader made anew from it comes to the same numbers and the same bytes.</summary>
    [Fact]
    public void A_reader_that_goes_on_from_any_record_reads_every_byte_once() =>
        Gen.Select(Gen.Int[0, 3_000].Array[1, 6], Gen.Int[1, 900].Array[1, 20]).Sample((lines, pieces) =>
        {
            using var folder = new TemporaryFolder();
            var path = Path.Combine(folder.Path, "stdout");
            var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(length => new string('y', length) + "\n")));
            var recorded = new MemoryStream();
            var (offset, snapshot) = (0L, Array.Empty<byte>());
            var (written, turn, broken) = (0, 0, 0);
            while (written < bytes.Length)
            {
                var count = Math.Min(pieces[turn++ % pieces.Length], bytes.Length - written);
                Append(path, bytes.AsSpan(written, count).ToArray());
                written += count;
                using var reader = Reader(path, offset, snapshot);
                for (var done = false; !done;)
                {
                    done = reader.Read();
                    if (reader.HasOutput)
                    {
                        var output = Record(reader, recorded);
                        (offset, snapshot) = (output.StdoutTo, output.Snapshot);
                    }
                }

                broken = reader.Parser.Progress.BrokenLines;
            }

            Assert.Equal(bytes, recorded.ToArray());
            Assert.Equal(lines.Count(length => length > 0), broken);
        }, iter: 200);

    [Fact]
    public void What_was_read_of_stderr_before_a_crash_is_still_its_tail()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "stderr");
        Append(path, "why it failed\n"u8.ToArray());
        using var reader = new SpoolReader(Path.Combine(folder.Path, "stdout"), path, Parser([]), 0, Capabilities, 0, 14, FlushBytes);
        Assert.Equal("why it failed\n", Encoding.UTF8.GetString(reader.StderrTail));
    }

    [Fact]
    public void A_spool_that_holds_less_than_was_written_is_noticed()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "stdout");
        Append(path, "one\n"u8.ToArray());
        using var reader = Reader(path, 0, []);
        Assert.True(reader.Read());
        reader.Finish();
        Assert.False(reader.IsShorterThan(Exit(4)));
        Assert.True(reader.IsShorterThan(Exit(5)));
        Assert.True(reader.IsShorterThan(Exit(4) with { LostBytes = 1 }));
    }

    private static AgentCapabilities Capabilities { get; } = new() { LineLimit = LineLimit };

    private static SpoolReader Reader(string path, long offset, byte[] snapshot)
    {
        var (passedOver, parser) = SpoolSnapshot.Read(snapshot);
        return new(path, path + ".errors", Parser(parser), passedOver, Capabilities, offset, 0, FlushBytes);
    }

    private static readonly IAgentAdapter Adapter =
        new ServiceCollection().AddAgents().BuildServiceProvider().GetRequiredService<AgentCatalog>().Find("scripted")!;

    private static IAgentParser Parser(byte[] snapshot) => Adapter.CreateParser(AgentBaseline.None, snapshot);

    private static AttemptOutput Record(SpoolReader reader, MemoryStream recorded)
    {
        var output = reader.Output(1);
        recorded.Write(output.Stdout);
        reader.Recorded(output);
        return output;
    }

    private static void Append(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Append);
        file.Write(bytes);
    }

    private static ExitRecord Exit(long stdoutBytes) => new()
    {
        Cause = ExitCause.Exited,
        StartedAtUnixMs = 0,
        StartedAtBootMs = 0,
        EndedAtUnixMs = 0,
        EndedAtBootMs = 0,
        StdoutBytes = stdoutBytes,
        ProvenGone = true,
    };
}
