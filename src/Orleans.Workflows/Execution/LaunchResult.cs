using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>A launched attempt, or the outcome of one that never became a process.</summary>
internal sealed record LaunchResult(AttemptContext? Context, SupervisorConnection? Connection, Outcome? Failure)
{
    public static LaunchResult Failed(string code, string text, bool retryable) =>
        new(null, null, new() { Status = RunStatus.Failed, Reason = new(code, text), Retryable = retryable });

    public static LaunchResult Failed(string code, Failure failure) =>
        Failed(code, $"{failure.Message} {failure.Remedy}".Trim(), failure.Retryable);
}
