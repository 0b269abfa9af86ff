using CsCheck;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Admission;

public sealed class DueTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    [Fact]
    public void What_is_due_is_taken_soonest_first_and_again_later_until_it_is_removed()
    {
        var dues = new DueTimes();
        var (late, soon) = (RunId.New(TimeProvider.System), RunId.New(TimeProvider.System));
        dues.Set(late, Start.AddSeconds(2));
        dues.Set(soon, Start.AddSeconds(1));
        Assert.Equal(Start.AddSeconds(1), dues.Next);
        Assert.Empty(Take(dues, Start));
        Assert.Equal([soon, late], Take(dues, Start.AddSeconds(2)));
        Assert.Empty(Take(dues, Start.AddSeconds(2)));

        dues.Remove(soon);
        Assert.Equal([late], Take(dues, Start.AddSeconds(3)));
        dues.Remove(late);
        Assert.Equal((0, null), (dues.Count, dues.Next));
    }

    /// <summary>A list that is searched is the model.</summary>
    [Fact]
    public void Whatever_is_set_and_removed_in_whatever_order_the_soonest_is_told()
    {
        var runs = Enumerable.Range(0, 8).Select(_ => RunId.New(TimeProvider.System)).ToArray();
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 7], Gen.Int[0, 20]).List[1, 80].Sample(steps =>
        {
            var (dues, model) = (new DueTimes(), new Dictionary<RunId, DateTimeOffset>());
            foreach (var (kind, run, seconds) in steps)
            {
                var at = Start.AddSeconds(seconds);
                switch (kind)
                {
                    case 0:
                        dues.Set(runs[run], at);
                        model[runs[run]] = at;
                        break;
                    case 1:
                        dues.Remove(runs[run]);
                        model.Remove(runs[run]);
                        break;
                    default:
                        var due = model.Where(entry => entry.Value <= at).Select(entry => entry.Key).ToHashSet();
                        Assert.Equal(due, Take(dues, at).ToHashSet());
                        foreach (var taken in due)
                        {
                            model[taken] = at + Again;
                        }

                        break;
                }

                Assert.Equal(model.Count, dues.Count);
                Assert.Equal(model.Count == 0 ? null : model.Values.Min(), dues.Next);
            }
        });
    }

    private static List<RunId> Take(DueTimes dues, DateTimeOffset now)
    {
        var taken = new List<RunId>();
        while (dues.TryTake(now, now + Again, out var run))
        {
            taken.Add(run.Value);
        }

        return taken;
    }
}
