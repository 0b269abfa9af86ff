using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Tests.Execution;

public sealed class AttemptVerdictTests
{
    private static readonly Outcome Judged = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.NoResult, "It said nothing.") };

    [Theory]
    [InlineData((int)ExitCause.Lease, ReasonCodes.LeaseLost)]
    [InlineData((int)ExitCause.Signal, ReasonCodes.SupervisorLost)]
    public void What_broke_outside_of_the_work_is_tried_again_under_its_own_name(int cause, string code)
    {
        var verdict = AttemptVerdict.Of(Exit((ExitCause)cause), Judged, null, null);
        Assert.Equal((code, true, false), (verdict.Outcome.Reason.Code, verdict.Outcome.Retryable, verdict.NeverStarted));
        Assert.Equal(RunStatus.Completed, AttemptVerdict.Of(Exit((ExitCause)cause), Judged with { Status = RunStatus.Completed }, null, null).Outcome.Status);
    }

    [Fact]
    public void What_never_started_is_tried_again_if_the_machine_may_have_room_then()
    {
        var voided = AttemptVerdict.Of(Exit(ExitCause.Voided), Judged, null, null);
        var full = AttemptVerdict.Of(Exit(ExitCause.LaunchFailed, Errno.NoSpace), Judged, null, null);
        var missing = AttemptVerdict.Of(Exit(ExitCause.LaunchFailed, 2), Judged, null, null);
        Assert.Equal((true, true, false), (voided.Outcome.Retryable, full.Outcome.Retryable, missing.Outcome.Retryable));
        Assert.All([voided, full, missing], verdict => Assert.True(verdict.NeverStarted));
    }

    private static ExitRecord Exit(ExitCause cause, int? errno = null) => new() { Cause = cause, LaunchErrno = errno, StartedAtBootMs = 1, StartedAtUnixMs = 1, EndedAtBootMs = 2, EndedAtUnixMs = 2 };
}
