namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Limits hold at every instant; how many lived the journals tell, where they belong the ledger.</summary>
internal static class LimitRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var attempts = history.Attempts.ToDictionary(attempt => (attempt.Run, attempt.Number));
        var placed = history.Lives.Where(life => attempts.ContainsKey((life.Run, life.Attempt))).ToArray();
        var runs = history.Runs.ToDictionary(run => run.Id);
        return history.LabelLimits.SelectMany(limit => CheckLabel(placed.Where(life => runs.ContainsKey(life.Run)), limit.Key, limit.Value, life => runs[life.Run].Labels.GetValueOrDefault(limit.Key)))
            .Concat(Check(placed, history.QueueLimits, "queue", life => attempts[(life.Run, life.Attempt)].Queue))
            .Concat(Check(placed, history.NodeSlots, "node", life => attempts[(life.Run, life.Attempt)].Node));
    }

    private static IEnumerable<Violation> CheckLabel(IEnumerable<AgentLife> lives, string label, int limit, Func<AgentLife, string?> valueOf)
    {
        var labelled = lives.Where(life => valueOf(life) is not null).ToArray();
        return Check(labelled, labelled.Select(life => valueOf(life)!).Distinct().ToDictionary(value => value, _ => limit), $"label {label}", life => valueOf(life)!);
    }

    private static IEnumerable<Violation> Check(AgentLife[] lives, IReadOnlyDictionary<string, int> limits, string what, Func<AgentLife, string> placeOf)
    {
        foreach (var place in lives.GroupBy(placeOf))
        {
            var (most, alive) = AgentLife.Peak(place);
            if (limits.TryGetValue(place.Key, out var limit) && most > limit)
            {
                yield return new(ViolationKind.LimitExceeded, null, $"{most} agents at once of {what} {place.Key}, whose limit is {limit}: {string.Join(", ", alive.Select(life => $"{life.Run}/{life.Attempt}"))}");
            }
        }
    }
}
