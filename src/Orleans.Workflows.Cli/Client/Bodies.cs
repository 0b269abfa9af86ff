using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

/// <summary>The body of <c>POST /runs/{id}/messages</c>.</summary>
internal sealed record MessageBody(string Text);

/// <summary>The body of <c>POST /runs/{id}/cancel</c>, <c>/terminate</c>, <c>/release</c>, <c>/pause</c> and <c>/resume</c>.</summary>
internal sealed record ReasonBody(string? Reason);

/// <summary>The body of <c>POST /batches</c>.</summary>
internal sealed record BatchBody(BatchOperation Operation, RunFilterBody Filter, string? Reason);

/// <summary>The body of <c>POST /cleanup</c>.</summary>
internal sealed record CleanupBody(RunId? Run, double? OlderThanHours, bool Force, bool DryRun, bool Attempts);

/// <summary>The body of <c>POST /nodes/{name}/lost</c>.</summary>
internal sealed record NodeLossBody(bool MachineIsOff, string Reason);

/// <summary>The body of <c>PUT /queues/{name}</c>; null lifts the limit.</summary>
internal sealed record QueueBody([property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)] int? Limit);

/// <summary>The body of <c>PUT /limits/{name}</c>; a value of null lifts a less specific limit.</summary>
internal sealed record LimitBody(
    LimitDimension Dimension,
    LimitMeasure Measure,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.Never)] decimal? Value,
    string? Key,
    string? Label,
    double? PeriodSeconds,
    bool Shared,
    bool Reject,
    string? Note);

/// <summary>The body of <c>POST /schedules/{name}/pause</c> and <c>/unpause</c>.</summary>
internal sealed record NoteBody(string? Note);

/// <summary>The body of <c>POST /holds</c>.</summary>
internal sealed record HoldBody(LimitDimension Dimension, string? Key, string? Label, string Reason, DateTimeOffset? Until);

/// <summary>The body of <c>POST /holds/release</c>.</summary>
internal sealed record HoldReleaseBody(LimitDimension Dimension, string? Key, string? Label, string? Note);
