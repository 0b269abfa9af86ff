using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Tests.Execution;

public sealed class FullSpoolsTests
{
    private readonly FullSpools _spools = new("n1");

    [Fact]
    public void A_limit_is_named_by_its_setting_and_a_full_disk_by_its_node()
    {
        Assert.True(_spools.Add(new SupervisorSignal.SpoolFull(SpoolStream.Stdout, 100, 0)));
        Assert.True(_spools.IsAny);
        Assert.Null(_spools.Text);
        Assert.Contains("Workflows:Execution:StdoutLimit, 100 bytes", FullSpools.DescribeLimit(SpoolStream.Stdout, 100), StringComparison.Ordinal);
        _spools.Add(new SupervisorSignal.SpoolFull(SpoolStream.Stderr, 7, 28));
        Assert.Contains("disk of node n1: its stderr", _spools.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_over_when_the_spool_grows_and_not_when_the_other_does()
    {
        Assert.True(_spools.Add(new SupervisorSignal.SpoolFull(SpoolStream.Stdout, 100, 28)));
        Assert.False(_spools.Add(new SupervisorSignal.SpoolFull(SpoolStream.Stdout, 100, 28)));
        _spools.Add(new SupervisorSignal.Grew(100, 50));
        Assert.NotNull(_spools.Text);
        _spools.Add(new SupervisorSignal.Grew(101, 50));
        Assert.Null(_spools.Text);
    }

    [Fact]
    public void Growth_that_overtook_the_word_of_a_full_spool_ends_it_before_it_begins()
    {
        _spools.Add(new SupervisorSignal.Grew(200, 0));
        Assert.False(_spools.Add(new SupervisorSignal.SpoolFull(SpoolStream.Stdout, 100, 28)));
        Assert.Null(_spools.Text);
    }
}
