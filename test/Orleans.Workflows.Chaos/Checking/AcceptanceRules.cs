namespace Orleans.Workflows.Chaos.Checking;

/// <summary>What was promised to a caller is there, and once.</summary>
internal static class AcceptanceRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var runs = history.Runs.ToDictionary(run => run.Id);
        foreach (var accepted in history.Accepted.DistinctBy(start => start.Run))
        {
            if (!runs.ContainsKey(accepted.Run))
            {
                yield return new(ViolationKind.Lost, accepted.Run, $"accepted under key {accepted.Key}, and the ledger does not know it");
            }
        }

        foreach (var key in history.Accepted.GroupBy(start => start.Key))
        {
            var ids = key.Select(start => start.Run).Distinct().ToArray();
            if (ids.Length > 1)
            {
                yield return new(ViolationKind.StartedTwice, ids[1], $"key {key.Key} was answered with the runs {string.Join(", ", ids)}");
            }
        }
    }
}
