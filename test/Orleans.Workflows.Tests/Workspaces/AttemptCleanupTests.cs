using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces.Collection;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Workspaces;

public sealed class AttemptCleanupTests
{
    [Fact]
    public void An_attempt_s_files_go_once_its_run_has_ended_and_the_database_has_all_of_its_output()
    {
        var run = Running();
        var open = run.State.Attempt! with { StdoutOffset = 10, StderrOffset = 5 };
        var (ended, over) = (open with { EndedAt = Start }, run.State.Row with { Status = RunStatus.Completed, OpenAttempt = null });

        Assert.Null(AttemptCleanup.WhyNeeded(over, ended, 10, 5));
        Assert.Null(AttemptCleanup.WhyNeeded(over, ended, 0, 0));
        Assert.Contains("15 of its 16 bytes", AttemptCleanup.WhyNeeded(over, ended, 11, 5), StringComparison.Ordinal);
        Assert.Contains("15 of its 16 bytes", AttemptCleanup.WhyNeeded(over, ended, 10, 6), StringComparison.Ordinal);
        Assert.NotNull(AttemptCleanup.WhyNeeded(run.State.Row, open, 10, 5));
        Assert.NotNull(AttemptCleanup.WhyNeeded(run.State.Row with { Status = RunStatus.Queued, OpenAttempt = null }, ended, 10, 5));
        Assert.NotNull(AttemptCleanup.WhyNeeded(over, open, 10, 5));
        Assert.NotNull(AttemptCleanup.WhyNeeded(null, null, 10, 5));
        Assert.NotNull(AttemptCleanup.WhyNeeded(over, null, 10, 5));
    }
}
