using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>
/// How an attempt ended, from what its agent said and how its supervisor ended. Finished work counts however the process
/// went; what broke for reasons outside of the work has reason codes of its own.
/// </summary>
/// <param name="Outcome">As the run takes it.</param>
/// <param name="NeverStarted">No process of the agent existed.</param>
internal sealed record AttemptVerdict(Outcome Outcome, bool NeverStarted = false)
{
    /// <param name="exit">Null when the supervisor was lost.</param>
    /// <param name="judged">The adapter's judgement of the same evidence.</param>
    /// <param name="stuck">Why it was ended as stuck, if it was.</param>
    /// <param name="outputLimit">Which limit of its output it was ended at, if it was.</param>
    /// <param name="memory">How it passed the limit of its memory, if it was ended for that.</param>
    public static AttemptVerdict Of(ExitRecord? exit, Outcome judged, string? stuck, string? outputLimit, string? memory = null)
    {
        if (judged.Status == RunStatus.Completed)
        {
            return new(judged);
        }

        return exit?.Cause switch
        {
            // What the agent said of itself is the better reason. The next one would say as much as this one.
            ExitCause.Terminated when outputLimit is not null && judged.Reason.Code is ReasonCodes.Interrupted or ReasonCodes.NoResult or ReasonCodes.Signaled or ReasonCodes.ExitCode =>
                new(judged with { Reason = new(ReasonCodes.OutputLimit, outputLimit), Retryable = false }),
            ExitCause.Memory when memory is not null && judged.Reason.Code is ReasonCodes.Interrupted or ReasonCodes.NoResult or ReasonCodes.Signaled or ReasonCodes.ExitCode =>
                new(judged with { Reason = new(ReasonCodes.Memory, memory), Retryable = false }),
            _ when stuck is not null && judged.Reason.Code is ReasonCodes.Interrupted or ReasonCodes.NoResult or ReasonCodes.Signaled or ReasonCodes.SupervisorLost => WentWith(judged, ReasonCodes.Stuck, stuck),
            null => WentWith(judged, ReasonCodes.SupervisorLost, "The attempt's supervisor was lost; its processes were ended."),
            ExitCause.Lease => WentWith(judged, ReasonCodes.LeaseLost, "The node could not renew its lease, so the supervisor ended the agent."),
            ExitCause.Signal => WentWith(judged, ReasonCodes.SupervisorLost, "Somebody asked the attempt's supervisor to end (SIGTERM)."),
            ExitCause.Voided => new(judged with { Retryable = true }, NeverStarted: true),
            ExitCause.LaunchFailed => new(
                judged with { Retryable = MayPass(exit.LaunchErrno), Failed = exit.LaunchStage == LaunchStage.Execute && !MayPass(exit.LaunchErrno) ? judged.Failed : null }, NeverStarted: true),
            _ => new(judged),
        };
    }

    private static AttemptVerdict WentWith(Outcome judged, string code, string text) =>
        new(judged with { Reason = new(code, text), Retryable = true });

    /// <summary>The machine lacked something for a moment; everything else will be the same next time.</summary>
    private static bool MayPass(int? errno) => errno is Errno.Again or Errno.NoMemory or Errno.TooManyFiles or Errno.TooManyFilesInSystem or Errno.NoSpace or Errno.QuotaExceeded;
}
