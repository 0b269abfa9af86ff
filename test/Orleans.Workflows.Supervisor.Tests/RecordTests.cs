using System.Text;
using System.Text.Json;
using CsCheck;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>What is encoded by hand comes back whole, whatever stands in it.</summary>
public sealed class RecordTests
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String,
        Gen.Char.Array[0, 20].Select(units => new string(units)),
        Gen.OneOf("", "\"", "\\", "a\"b\\c\u0001\u007f", "ü€", "😀", "\ud800", "\udc00x", "x\ud83d", "\ud83d\ud83d\ude00", "</script>&'", new string('x', 100_000), "\0"));

    private static readonly Gen<ExitRecord> AnyExit =
        from cause in Gen.Enum<ExitCause>()
        from stage in Gen.Enum<LaunchStage>().Nullable()
        from step in Gen.Enum<EndStep>()
        from small in Gen.Int.Nullable().Array[4]
        from numbers in Gen.Long.Array[10]
        from memory in Gen.Long.Nullable().Array[2]
        from survivors in Gen.Select(Gen.Int, AnyText, (pid, name) => new EndedProcess { Pid = pid, Name = name }).Array[0, 33]
        from proven in Gen.Bool
        select new ExitRecord
        {
            Cause = cause,
            ExitCode = small[0],
            Signal = small[1],
            LaunchStage = stage,
            LaunchErrno = small[2],
            EndedBy = step,
            StartedAtUnixMs = numbers[0],
            StartedAtBootMs = numbers[1],
            EndedAtUnixMs = numbers[2],
            EndedAtBootMs = numbers[3],
            StdoutBytes = numbers[4],
            StderrBytes = numbers[5],
            LostBytes = numbers[6],
            UserCpuMs = numbers[7],
            SystemCpuMs = numbers[8],
            MaxRssKb = numbers[9],
            PeakMemoryBytes = memory[0],
            MemoryLimitBytes = memory[1],
            SurvivorCount = small[3] ?? 0,
            Survivors = survivors,
            ProvenGone = proven,
        };

    private static readonly Gen<LaunchSpec> AnyLaunch =
        from texts in AnyText.Array[2]
        from arguments in AnyText.Array[0, 5]
        from environment in Gen.Dictionary(AnyText.Select(AsUtf8), AnyText)[0, 5]
        from bytes in Gen.Byte.Array[0, 100].Null().Array[2]
        from open in Gen.Bool
        from limits in Gen.Long.Array[2]
        from graces in Gen.Int.Array[3]
        from optional in Gen.Long.Nullable().Array[4]
        select new LaunchSpec
        {
            Program = texts[0],
            Arguments = arguments,
            Environment = environment,
            WorkingDirectory = texts[1],
            StandardInput = bytes[0],
            KeepStandardInputOpen = open,
            StdoutLimit = limits[0],
            StderrLimit = limits[1],
            Interrupt = bytes[1],
            InterruptGraceMs = graces[0],
            StdinCloseGraceMs = graces[1],
            TermGraceMs = graces[2],
            LeaseDeadlineMs = optional[0],
            CoreLimitBytes = optional[1],
            OpenFilesLimit = optional[2],
            MemoryLimit = optional[3],
        };

    [Fact]
    public void Every_exit_record_comes_back() => AnyExit.Sample(record =>
    {
        var expected = record with { Survivors = [.. record.Survivors.Select(process => process with { Name = AsUtf8(process.Name) })] };
        var found = ExitRecordJson.Decode(ExitRecordJson.Encode(record));
        Assert.Equal(expected.Survivors, found.Survivors);
        Assert.Equal(expected with { Survivors = [] }, found with { Survivors = [] });
    });

    [Fact]
    public void An_exit_record_has_every_field_that_is_known_by_its_own_name() => AnyExit.Sample(record =>
    {
        var names = typeof(ExitRecord).GetProperties()
            .Where(property => property.GetValue(record) is not null)
            .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        using var document = JsonDocument.Parse(ExitRecordJson.Encode(record));
        Assert.Equal(names.Order(), document.RootElement.EnumerateObject().Select(field => field.Name).Order());
    });

    [Fact]
    public void Every_process_record_comes_back() => Gen.Select(Gen.Int, Gen.Long, AnyText).Sample((pid, startTime, boot) =>
    {
        var json = ProcessRecordJson.Encode(new ProcessRecord { Pid = pid, StartTime = startTime, BootId = boot });
        Assert.DoesNotContain((byte)'\n', json);
        Assert.Equal(new ProcessRecord { Pid = pid, StartTime = startTime, BootId = AsUtf8(boot) }, ProcessRecordJson.Decode(json));
    });

    [Fact]
    public void A_record_gives_each_of_its_lines_and_none_that_was_cut_off()
    {
        byte[] record = [.. AttemptRecord.Line(AttemptRecord.Supervisor, "1"u8), .. AttemptRecord.Line(AttemptRecord.Agent, "2"u8), .. AttemptRecord.Line(AttemptRecord.Exit, "{\"of\":3}"u8)];
        Assert.Equal("{\"supervisor\":1}\n{\"agent\":2}\n{\"exit\":{\"of\":3}}\n", Encoding.UTF8.GetString(record));
        for (var length = 0; length <= record.Length; length++)
        {
            var found = (string?[])[Find(AttemptRecord.Supervisor), Find(AttemptRecord.Agent), Find(AttemptRecord.Exit)];
            var whole = record[..length].Count(unit => unit == '\n');
            Assert.Equal((string?[])[whole > 0 ? "1" : null, whole > 1 ? "2" : null, whole > 2 ? "{\"of\":3}" : null], found);

            string? Find(ReadOnlySpan<byte> name) => AttemptRecord.Find(record.AsMemory(0, length), name) is { } json ? Encoding.UTF8.GetString(json.Span) : null;
        }
    }

    [Fact]
    public void A_record_of_zeros_gives_nothing() => Assert.Null(AttemptRecord.Find(new byte[512], AttemptRecord.Exit));

    [Fact]
    public void The_longest_record_is_within_its_bound()
    {
        var widest = new string('\u4e00', 15);
        var end = ExitRecordJson.Encode(new ExitRecord
        {
            Cause = ExitCause.LaunchFailed,
            LaunchStage = LaunchStage.Execute,
            ExitCode = int.MinValue,
            Signal = int.MinValue,
            LaunchErrno = int.MinValue,
            StartedAtUnixMs = long.MinValue,
            StartedAtBootMs = long.MinValue,
            EndedAtUnixMs = long.MinValue,
            EndedAtBootMs = long.MinValue,
            StdoutBytes = long.MinValue,
            StderrBytes = long.MinValue,
            LostBytes = long.MinValue,
            UserCpuMs = long.MinValue,
            SystemCpuMs = long.MinValue,
            MaxRssKb = long.MinValue,
            PeakMemoryBytes = long.MinValue,
            MemoryLimitBytes = long.MinValue,
            SurvivorCount = int.MinValue,
            Survivors = [.. Enumerable.Repeat(new EndedProcess { Pid = int.MinValue, Name = widest }, ExitRecord.MaximumSurvivors)],
        });
        Assert.True(end.Length + 1_000 < AttemptRecord.MaximumBytes);
    }

    [Fact]
    public void Every_launch_comes_back() => AnyLaunch.Sample(spec =>
    {
        var found = LaunchFields.Decode(LaunchFields.Encode(spec));
        Assert.Equal((AsUtf8(spec.Program), AsUtf8(spec.WorkingDirectory)), (found.Program, found.WorkingDirectory));
        Assert.Equal(spec.Arguments.Select(AsUtf8), found.Arguments);
        Assert.Equal(spec.Environment.ToDictionary(pair => pair.Key, pair => AsUtf8(pair.Value)), found.Environment);
        Assert.Equal(spec.StandardInput, found.StandardInput);
        Assert.Equal(spec.Interrupt, found.Interrupt);
        Assert.Equal(Rest(spec), Rest(found));
    });

    [Fact]
    public void A_launch_keeps_the_documented_bytes()
    {
        var fields = Convert.FromHexString("01" + "02000000" + "7368" + "05" + "01000000" + "2F" + "0F" + "08000000" + "C800000000000000" + "FE" + "01000000" + "00");
        var spec = LaunchFields.Decode(fields);
        Assert.Equal(Rest(new LaunchSpec { Program = "", WorkingDirectory = "", OpenFilesLimit = 200 }), Rest(spec));
        Assert.Equal(("sh", "/", 0, 0), (spec.Program, spec.WorkingDirectory, spec.Arguments.Count, spec.Environment.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("01")]
    [InlineData("0102000000" + "73")]
    [InlineData("01FFFFFFFF")]
    [InlineData("0100000000")]
    [InlineData("0100000000" + "0500000000" + "0804000000" + "01020304")]
    public void What_is_no_launch_is_refused(string hex) =>
        Assert.Throws<InvalidDataException>(() => LaunchFields.Decode(Convert.FromHexString(hex)));

    // What can be compared as values.
    private static LaunchSpec Rest(LaunchSpec spec) => spec with
    {
        Program = "",
        WorkingDirectory = "",
        Arguments = [],
        Environment = Nothing,
        StandardInput = null,
        Interrupt = null,
    };

    private static readonly Dictionary<string, string> Nothing = [];

    private static string AsUtf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
