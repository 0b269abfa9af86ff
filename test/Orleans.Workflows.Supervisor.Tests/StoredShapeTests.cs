using System.Text;
using System.Text.Json;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>Files that released supervisors wrote must load for ever: add samples, never change them.</summary>
public sealed class StoredShapeTests
{
    [Fact]
    public void An_exit_record_loads()
    {
        const string stored =
            """
            {"cause":"terminated","signal":9,"endedBy":"kill","startedAtUnixMs":1795388400114,"startedAtBootMs":2621913,"endedAtUnixMs":1795388401173,"endedAtBootMs":2622971,"stdoutBytes":281,"stderrBytes":71,"lostBytes":0,"userCpuMs":338,"systemCpuMs":89,"maxRssKb":79904,"survivorCount":1,"survivors":[{"pid":6294,"name":"sleep"}],"provenGone":true,"later":"unknown fields are skipped"}
            """;
        var record = ExitRecordJson.Decode(Encoding.UTF8.GetBytes(stored));
        Assert.Equal((ExitCause.Terminated, null, 9, EndStep.Kill, 281, 71), (record.Cause, record.ExitCode, record.Signal, record.EndedBy, record.StdoutBytes, record.StderrBytes));
        Assert.Equal(new EndedProcess { Pid = 6294, Name = "sleep" }, Assert.Single(record.Survivors));
        Assert.True(record.ProvenGone);
    }

    [Fact]
    public void An_exit_record_with_memory_loads_and_an_older_one_does_not_know_it()
    {
        const string stored =
            """
            {"cause":"memory","signal":15,"endedBy":"term","startedAtUnixMs":1795388400114,"startedAtBootMs":2621913,"endedAtUnixMs":1795388401173,"endedAtBootMs":2622971,"stdoutBytes":281,"stderrBytes":71,"lostBytes":0,"userCpuMs":338,"systemCpuMs":89,"maxRssKb":79904,"peakMemoryBytes":162529280,"memoryLimitBytes":134217728,"survivorCount":0,"survivors":[],"provenGone":true}
            """;
        var record = ExitRecordJson.Decode(Encoding.UTF8.GetBytes(stored));
        Assert.Equal((ExitCause.Memory, 162_529_280, 134_217_728), (record.Cause, record.PeakMemoryBytes, record.MemoryLimitBytes));
        var older = ExitRecordJson.Decode(Encoding.UTF8.GetBytes(stored.Replace("\"peakMemoryBytes\":162529280,\"memoryLimitBytes\":134217728,", "")));
        Assert.Equal((null, null), (older.PeakMemoryBytes, older.MemoryLimitBytes));
    }

    [Fact]
    public void An_exit_record_is_written_as_released_ones_were()
    {
        const string released =
            """
            {"cause":"launch_failed","launchStage":"execute","launchErrno":2,"endedBy":"none","startedAtUnixMs":1795388400114,"startedAtBootMs":2621913,"endedAtUnixMs":1795388401173,"endedAtBootMs":2622971,"stdoutBytes":0,"stderrBytes":0,"lostBytes":0,"userCpuMs":0,"systemCpuMs":0,"maxRssKb":0,"survivorCount":0,"survivors":[],"provenGone":true}
            """;
        Assert.Equal(released, Encoding.UTF8.GetString(ExitRecordJson.Encode(ExitRecordJson.Decode(Encoding.UTF8.GetBytes(released)))));
    }

    [Fact]
    public void A_process_record_loads_and_is_written_as_it_was()
    {
        const string stored = """{"pid":6294,"startTime":1602096,"bootId":"f864261a-153b-4050-b1c4-4bfb547b6918"}""";
        var record = ProcessRecordJson.Decode(Encoding.UTF8.GetBytes(stored));
        Assert.Equal(new ProcessRecord { Pid = 6294, StartTime = 1602096, BootId = "f864261a-153b-4050-b1c4-4bfb547b6918" }, record);
        Assert.Equal(stored, Encoding.UTF8.GetString(ProcessRecordJson.Encode(record)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"cause":"exited","startedAtUnixMs":"soon","startedAtBootMs":1,"endedAtUnixMs":1,"endedAtBootMs":1}""")]
    [InlineData("""{"cause":"never heard of","startedAtUnixMs":1,"startedAtBootMs":1,"endedAtUnixMs":1,"endedAtBootMs":1}""")]
    [InlineData("""{"cause":"exited","startedAtUnixMs":1,"startedAtBootMs":1,"endedAtUnixMs":1}""")]
    public void What_is_no_exit_record_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => ExitRecordJson.Decode(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Every_named_value_is_written_by_its_name()
    {
        Assert.All(Enum.GetValues<ExitCause>(), value => RoundTrip(value, cause => Empty with { Cause = cause }, record => record.Cause));
        Assert.All(Enum.GetValues<EndStep>(), value => RoundTrip(value, step => Empty with { EndedBy = step }, record => record.EndedBy));
        Assert.All(Enum.GetValues<LaunchStage>(), value => RoundTrip(value, stage => Empty with { LaunchStage = stage }, record => record.LaunchStage!.Value));
    }

    private static ExitRecord Empty { get; } =
        new() { Cause = ExitCause.LaunchFailed, StartedAtUnixMs = 0, StartedAtBootMs = 0, EndedAtUnixMs = 0, EndedAtBootMs = 0 };

    private static void RoundTrip<T>(T value, Func<T, ExitRecord> with, Func<ExitRecord, T> read)
    {
        Assert.Equal(value, read(ExitRecordJson.Decode(ExitRecordJson.Encode(with(value)))));
    }
}
