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
        var record = JsonSerializer.Deserialize(stored, ProtocolJson.Default.ExitRecord)!;
        Assert.Equal((ExitCause.Terminated, null, 9, EndStep.Kill, 281, 71), (record.Cause, record.ExitCode, record.Signal, record.EndedBy, record.StdoutBytes, record.StderrBytes));
        Assert.Equal(new EndedProcess { Pid = 6294, Name = "sleep" }, Assert.Single(record.Survivors));
        Assert.True(record.ProvenGone);
    }

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
        var json = JsonSerializer.SerializeToUtf8Bytes(with(value), ProtocolJson.Default.ExitRecord);
        Assert.Equal(value, read(JsonSerializer.Deserialize(json, ProtocolJson.Default.ExitRecord)!));
    }
}
