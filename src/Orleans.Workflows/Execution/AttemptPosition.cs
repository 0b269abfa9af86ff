namespace Orleans.Workflows.Execution;

/// <summary>How far an attempt's output is ingested, with what is needed to go on.</summary>
[GenerateSerializer, Immutable, Alias("attempt-position")]
internal sealed record AttemptPosition(
    [property: Id(0)] long StdoutOffset,
    [property: Id(1)] long StderrOffset,
    [property: Id(2)] byte[] Snapshot,
    [property: Id(3)] LaunchOrder Order,
    [property: Id(4)] bool Started,
    [property: Id(5)] bool StopRequested,
    [property: Id(6)] string? BootId,
    [property: Id(7)] string? Details,
    [property: Id(8)] bool Leaked);
