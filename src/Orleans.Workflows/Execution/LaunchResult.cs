using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>A launched attempt, the outcome of one that never became a process, or <see cref="Unknown"/>.</summary>
internal sealed record LaunchResult(AttemptContext? Context, SupervisorConnection? Connection, Outcome? Failure)
{
    /// <summary>The launch broke off somewhere: only the attempt's files can tell whether it is executed.</summary>
    public static LaunchResult Unknown { get; } = new(null, null, null);

    public static LaunchResult Failed(string code, string text, bool retryable, Dependency? failed = null) =>
        new(null, null, new() { Status = RunStatus.Failed, Reason = new(code, text), Retryable = retryable, Failed = failed });

    public static LaunchResult Failed(string code, Failure failure) =>
        Failed(code, $"{failure.Message} {failure.Remedy}".Trim(), failure.Retryable, failure.Field switch
        {
            "agent" or "binary" => Dependency.Agent,
            "credential" => Dependency.Credential,
            _ => null,
        });
}
