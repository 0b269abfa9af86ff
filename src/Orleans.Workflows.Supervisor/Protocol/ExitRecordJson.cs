using System.Text.Json;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// An <see cref="ExitRecord"/> as it stands in <see cref="AttemptFiles.Record"/> and in <see cref="FrameKind.Exited"/>:
/// <code>{"cause":"exited","exitCode":0,"endedBy":"none","startedAtUnixMs":1795388400114,…,"survivors":[{"pid":6294,"name":"sleep"}],"provenGone":true}</code>
/// </summary>
internal static class ExitRecordJson
{
    private const int UsualBytes = 512;

    internal static byte[] Encode(ExitRecord record)
    {
        var text = new JsonText(UsualBytes);
        text.Open((byte)'{');
        text.Word("cause"u8, ExitNames.Utf8(record.Cause));
        text.Number("exitCode"u8, record.ExitCode);
        text.Number("signal"u8, record.Signal);
        if (record.LaunchStage is { } stage)
            text.Word("launchStage"u8, ExitNames.Utf8(stage));
        text.Number("launchErrno"u8, record.LaunchErrno);
        text.Word("endedBy"u8, ExitNames.Utf8(record.EndedBy));
        text.Number("startedAtUnixMs"u8, record.StartedAtUnixMs);
        text.Number("startedAtBootMs"u8, record.StartedAtBootMs);
        text.Number("endedAtUnixMs"u8, record.EndedAtUnixMs);
        text.Number("endedAtBootMs"u8, record.EndedAtBootMs);
        text.Number("stdoutBytes"u8, record.StdoutBytes);
        text.Number("stderrBytes"u8, record.StderrBytes);
        text.Number("lostBytes"u8, record.LostBytes);
        text.Number("userCpuMs"u8, record.UserCpuMs);
        text.Number("systemCpuMs"u8, record.SystemCpuMs);
        text.Number("maxRssKb"u8, record.MaxRssKb);
        text.Number("peakMemoryBytes"u8, record.PeakMemoryBytes);
        text.Number("memoryLimitBytes"u8, record.MemoryLimitBytes);
        text.Number("survivorCount"u8, record.SurvivorCount);
        text.Name("survivors"u8);
        text.Open((byte)'[');
        for (var index = 0; index < record.Survivors.Count; index++)
        {
            text.Open((byte)'{');
            text.Number("pid"u8, record.Survivors[index].Pid);
            text.Text("name"u8, record.Survivors[index].Name);
            text.Close((byte)'}');
        }

        text.Close((byte)']');
        text.Flag("provenGone"u8, record.ProvenGone);
        text.Close((byte)'}');
        return text.Written.ToArray();
    }

    /// <exception cref="JsonException">The bytes are no exit record.</exception>
    internal static ExitRecord Decode(ReadOnlyMemory<byte> json) => JsonFields.Read(json, record => new ExitRecord
    {
        Cause = record.Named<ExitCause>("cause", ExitNames.Of) ?? throw new JsonException("The field cause is missing."),
        ExitCode = (int?)record.Number("exitCode"),
        Signal = (int?)record.Number("signal"),
        LaunchStage = record.Named<LaunchStage>("launchStage", ExitNames.Of),
        LaunchErrno = (int?)record.Number("launchErrno"),
        EndedBy = record.Named<EndStep>("endedBy", ExitNames.Of) ?? EndStep.None,
        StartedAtUnixMs = record.Required("startedAtUnixMs").GetInt64(),
        StartedAtBootMs = record.Required("startedAtBootMs").GetInt64(),
        EndedAtUnixMs = record.Required("endedAtUnixMs").GetInt64(),
        EndedAtBootMs = record.Required("endedAtBootMs").GetInt64(),
        StdoutBytes = record.Number("stdoutBytes") ?? 0,
        StderrBytes = record.Number("stderrBytes") ?? 0,
        LostBytes = record.Number("lostBytes") ?? 0,
        UserCpuMs = record.Number("userCpuMs") ?? 0,
        SystemCpuMs = record.Number("systemCpuMs") ?? 0,
        MaxRssKb = record.Number("maxRssKb") ?? 0,
        PeakMemoryBytes = record.Number("peakMemoryBytes"),
        MemoryLimitBytes = record.Number("memoryLimitBytes"),
        SurvivorCount = (int)(record.Number("survivorCount") ?? 0),
        Survivors = SurvivorsOf(record),
        ProvenGone = record.Flag("provenGone"),
    });

    private static EndedProcess[] SurvivorsOf(JsonElement record) => record.TryGetProperty("survivors", out var survivors)
        ? [.. survivors.EnumerateArray().Select(survivor => new EndedProcess
        {
            Pid = survivor.Required("pid").GetInt32(),
            Name = survivor.Required("name").GetString() ?? throw new JsonException("A survivor has no name."),
        })]
        : [];
}
