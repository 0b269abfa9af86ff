using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos;

/// <summary>All that the history tells of the runs that broke a promise, for whoever looks for the cause.</summary>
internal static class RunStories
{
    public static IEnumerable<string> Of(History history, IReadOnlyList<Violation> violations)
    {
        foreach (var group in violations.GroupBy(violation => violation.Run))
        {
            foreach (var violation in group)
            {
                yield return violation.ToString();
            }

            foreach (var line in history.Runs.Where(run => run.Id == group.Key).Select(run => run.ToString())
                .Concat(history.Attempts.Where(attempt => attempt.Run == group.Key).OrderBy(attempt => attempt.Number).Select(attempt => attempt.ToString()))
                .Concat(history.Lives.Where(life => life.Run == group.Key).Select(life => life.ToString()))
                .Concat(history.Hits.Where(hit => hit.Run == group.Key).Select(hit => hit.ToString())))
            {
                yield return "  " + line;
            }
        }
    }
}
