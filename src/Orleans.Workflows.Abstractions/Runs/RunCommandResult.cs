using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Runs;

/// <summary>The run after the command was made durable, or why it was refused.</summary>
[GenerateSerializer, Immutable, Alias("run-command-result")]
public sealed record RunCommandResult([property: Id(0)] RunInfo? Run, [property: Id(1)] Failure? Failure = null);
