using Orleans.Workflows.Execution.Reconciling;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Execution;

public sealed class ProcessComparisonTests
{
    private static readonly RunId Run = RunId.New(TimeProvider.System);

    private readonly ProcessComparison _comparison = new();

    [Fact]
    public void What_agrees_is_left_alone()
    {
        var picture = Picture(open: [(Run, 1)], followed: [(Run, 1)], supervised: [(Run, 1)], marked: [(Run, 1)]);
        Assert.Empty(_comparison.Confirm(picture));
        Assert.False(_comparison.HasDoubts);
        Assert.Empty(_comparison.Confirm(picture));
    }

    [Fact]
    public void A_difference_of_one_look_is_a_launch_or_an_end_on_its_way()
    {
        Assert.Empty(_comparison.Confirm(Picture(open: [(Run, 1)])));
        Assert.True(_comparison.HasDoubts);
        Assert.Empty(_comparison.Confirm(Picture(open: [(Run, 1)], followed: [(Run, 1)])));
        Assert.Empty(_comparison.Confirm(Picture(followed: [(Run, 1)])));
        Assert.Empty(_comparison.Confirm(Picture()));
    }

    [Fact]
    public void A_slot_kept_for_a_launch_is_no_attempt_of_its_own()
    {
        var launching = Picture(open: [(Run, 2)], followed: [(Run, 0)]);
        Assert.Empty(_comparison.Confirm(launching));
        Assert.Empty(_comparison.Confirm(launching));
        var reserved = Picture(followed: [(Run, 0)], supervised: [(Run, 1)]);
        Assert.Empty(_comparison.Confirm(reserved));
        Assert.Empty(_comparison.Confirm(reserved));
    }

    [Theory]
    [InlineData(ProcessRepair.Adopt)]
    [InlineData(ProcessRepair.Stop)]
    [InlineData(ProcessRepair.End)]
    [InlineData(ProcessRepair.Sweep)]
    internal void What_two_looks_show_is_repaired_each_time_and_new_once(ProcessRepair repair)
    {
        IReadOnlySet<(RunId, int)> one = new HashSet<(RunId, int)> { (Run, 1) };
        var picture = repair switch
        {
            ProcessRepair.Adopt => Picture() with { Open = one },
            ProcessRepair.Stop => Picture() with { Followed = one, Supervised = one, Marked = one },
            ProcessRepair.End => Picture() with { Supervised = one, Marked = one },
            _ => Picture() with { Marked = one },
        };
        Assert.Empty(_comparison.Confirm(picture));
        Assert.Equal((new ProcessDifference(repair, Run, 1), true), Assert.Single(_comparison.Confirm(picture)));
        Assert.False(_comparison.HasDoubts);
        Assert.Equal((new ProcessDifference(repair, Run, 1), false), Assert.Single(_comparison.Confirm(picture)));
    }

    [Fact]
    public void An_earlier_attempt_of_a_run_that_goes_on_waits_until_its_slot_is_free()
    {
        // The follower of the second ends the first before it is launched, or was told so.
        var picture = Picture(open: [(Run, 2)], followed: [(Run, 2)], supervised: [(Run, 1), (Run, 2)]);
        Assert.Empty(_comparison.Confirm(picture));
        Assert.Empty(_comparison.Confirm(picture));
    }

    private static ProcessPicture Picture((RunId, int)[]? open = null, (RunId, int)[]? followed = null, (RunId, int)[]? supervised = null, (RunId, int)[]? marked = null) =>
        new((open ?? []).ToHashSet(), (followed ?? []).ToHashSet(), (supervised ?? []).ToHashSet(), (marked ?? []).ToHashSet());
}
