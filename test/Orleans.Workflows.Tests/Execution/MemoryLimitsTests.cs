using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Protocol;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.Execution;

public sealed class MemoryLimitsTests
{
    private const long Gigabyte = 1L << 30;
    private static readonly Outcome Stopped = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.Interrupted, "It was stopped."), Retryable = true, Resumable = true };

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(2L, null, null, 2L)]
    [InlineData(null, 3L, null, 3L)]
    [InlineData(2L, 3L, 4L, 2L)]
    [InlineData(4L, 3L, null, 4L)]
    [InlineData(5L, 3L, 4L, 4L)]
    [InlineData(null, null, 4L, 4L)]
    public void An_attempt_has_what_its_run_asks_for_within_what_the_node_allows(long? asked, long? standard, long? most, long? limit) =>
        Assert.Equal(limit, MemoryLimits.Of(asked, new() { MemoryLimit = standard, MaximumMemoryLimit = most }));

    [Fact]
    public void More_than_the_node_allows_is_refused_with_the_field_that_asked_for_it()
    {
        var node = new ExecutionOptions { MaximumMemoryLimit = 4 * Gigabyte };
        Assert.Null(MemoryLimits.Check(4 * Gigabyte, 9 * Gigabyte, node));
        Assert.Null(MemoryLimits.Check(null, null, node));
        Assert.Null(MemoryLimits.Check(9 * Gigabyte, null, new()));
        Assert.Equal("memoryLimitBytes", MemoryLimits.Check(5 * Gigabyte, 1, node)!.Field);
        var refused = MemoryLimits.Check(null, 5 * Gigabyte, node)!;
        Assert.Equal("memoryLimit", refused.Field);
        Assert.Contains("is 5 GB; this node allows 4 GB at most (Workflows:Execution:MaximumMemoryLimit)", refused.Message, StringComparison.Ordinal);
        Assert.Contains("4294967296 bytes or less", refused.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2L, "memoryLimit, 2 GB")]
    [InlineData(3L, "Workflows:Execution:MemoryLimit, 3 GB")]
    [InlineData(4L, "Workflows:Execution:MaximumMemoryLimit, 4 GB")]
    public void The_end_names_the_limit_the_peak_and_the_setting(long limit, string named)
    {
        var node = new ExecutionOptions { MemoryLimit = 3 * Gigabyte, MaximumMemoryLimit = 4 * Gigabyte };
        var text = MemoryLimits.Describe(Exit(ExitCause.Memory) with { MemoryLimitBytes = limit * Gigabyte, PeakMemoryBytes = 9 * Gigabyte / 2 }, 2 * Gigabyte, node);
        Assert.Equal($"The agent was ended, for its processes together passed {named}; their peak was 4.5 GB.", text);
        Assert.Null(MemoryLimits.Describe(Exit(ExitCause.Terminated) with { MemoryLimitBytes = limit }, limit, node));
        Assert.Null(MemoryLimits.Describe(null, limit, node));
    }

    [Fact]
    public void An_agent_that_was_ended_for_its_memory_is_not_tried_again_unless_the_workflow_says_so()
    {
        var verdict = AttemptVerdict.Of(Exit(ExitCause.Memory), Stopped, null, null, "It passed 2 GB.");
        Assert.Equal(("memory", "It passed 2 GB.", false, true), (verdict.Outcome.Reason.Code, verdict.Outcome.Reason.Text, verdict.Outcome.Retryable, verdict.Outcome.Resumable));
        Assert.False(new RetryPolicy().Covers(verdict.Outcome.Reason.Code, null, verdict.Outcome.Retryable));
        Assert.True(new RetryPolicy { RetryOn = [ReasonCodes.Memory] }.Covers(verdict.Outcome.Reason.Code, null, verdict.Outcome.Retryable));
    }

    [Fact]
    public void What_it_finished_or_said_of_itself_before_counts()
    {
        Assert.Equal(RunStatus.Completed, AttemptVerdict.Of(Exit(ExitCause.Memory), Stopped with { Status = RunStatus.Completed }, null, null, "x").Outcome.Status);
        var budget = Stopped with { Reason = new(ReasonCodes.Budget, "It is spent.") };
        Assert.Equal(ReasonCodes.Budget, AttemptVerdict.Of(Exit(ExitCause.Memory), budget, null, null, "x").Outcome.Reason.Code);
    }

    private static ExitRecord Exit(ExitCause cause) => new() { Cause = cause, StartedAtBootMs = 1, StartedAtUnixMs = 1, EndedAtBootMs = 2, EndedAtUnixMs = 2 };
}
