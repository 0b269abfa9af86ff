using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Abstractions.Tests.Runs;

/// <summary>The table against the design, written down a second time here; that both databases hold the same is the ledger's test.</summary>
public sealed class RunTransitionsTests
{
    private static readonly RunStatus[] All = Enum.GetValues<RunStatus>();

    // A column a status, in the order of the enum: Scheduled Queued Starting Running Waiting Paused Canceling | Completed Failed Canceled Terminated TimedOut Expired.
    private static readonly Dictionary<RunStatus, string> Matrix = new()
    {
        [RunStatus.Scheduled] = "xx---x- -xxx-x",
        [RunStatus.Queued] = "xxx-xx- -xxxxx",
        [RunStatus.Starting] = "-xxxxxx xxxxx-",
        [RunStatus.Running] = "-x-xxxx xxxxx-",
        [RunStatus.Waiting] = "-x-xxxx xxxxxx",
        [RunStatus.Paused] = "xx-xxxx xxxxxx",
        [RunStatus.Canceling] = "------x xxxxx-",
        [RunStatus.Completed] = "------- ------",
        [RunStatus.Failed] = "------- ------",
        [RunStatus.Canceled] = "------- ------",
        [RunStatus.Terminated] = "------- ------",
        [RunStatus.TimedOut] = "------- ------",
        [RunStatus.Expired] = "------- ------",
    };

    public static TheoryData<RunStatus> Statuses => [.. All];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void The_legal_moves_are_those_of_the_design(RunStatus from)
    {
        var row = string.Concat(All.Select(to => RunTransitions.IsLegal(from, to) ? 'x' : '-')).Insert(7, " ");
        Assert.Equal(Matrix[from], row);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Nothing_leaves_a_terminal_status_and_everything_else_can_reach_one(RunStatus from)
    {
        if (from.IsTerminal())
        {
            Assert.DoesNotContain(All, to => RunTransitions.IsLegal(from, to));
            return;
        }

        Assert.Contains(All, to => to.IsTerminal() && RunTransitions.IsLegal(from, to));
        Assert.True(RunTransitions.IsLegal(from, from));
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public void Every_status_is_reached_from_one_that_a_run_is_accepted_with(RunStatus status)
    {
        var reached = new HashSet<RunStatus>(RunTransitions.Initial);
        while (All.Where(to => reached.Any(from => RunTransitions.IsLegal(from, to))).Any(reached.Add))
        {
            // Until nothing is added.
        }

        Assert.Contains(status, reached);
    }

    [Fact]
    public void The_pairs_are_the_legal_moves_without_staying()
    {
        var legal = All.SelectMany(from => All.Where(to => from != to && RunTransitions.IsLegal(from, to)).Select(to => (from, to)));
        Assert.Equal(legal, RunTransitions.Pairs);
    }

    [Fact]
    public void Six_statuses_are_terminal_and_none_of_them_is_one_to_begin_with()
    {
        Assert.Equal(["Completed", "Failed", "Canceled", "Terminated", "TimedOut", "Expired"], All.Where(status => status.IsTerminal()).Select(status => status.ToString()));
        Assert.DoesNotContain(RunTransitions.Initial, status => status.IsTerminal());
    }

    [Fact]
    public void The_numbers_on_the_wire_are_never_reused() =>
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 20, 21, 22, 23, 24, 25], All.Select(status => (int)status));
}
