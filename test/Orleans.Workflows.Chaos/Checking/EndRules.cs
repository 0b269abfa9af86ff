namespace Orleans.Workflows.Chaos.Checking;

/// <summary>Every run ends within its bounds, and lets go of what it held.</summary>
internal static class EndRules
{
    /// <summary>A deadline is acted upon by a scan or, at the latest, by the reminder's period of a minute.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    public static IEnumerable<Violation> Check(History history)
    {
        var bounds = history.Accepted.GroupBy(start => start.Run).ToDictionary(run => run.Key, run => run.Max(start => start.Bound));
        foreach (var run in history.Runs.Where(run => !run.IsTerminal))
        {
            var bound = bounds.TryGetValue(run.Id, out var promised) ? promised : (DateTimeOffset?)null;
            var due = run.NextDeadline < bound || bound is null ? run.NextDeadline : bound;
            var overdue = due + Patience < history.ReadAt;
            yield return new(
                overdue ? ViolationKind.Stuck : ViolationKind.Lost,
                run.Id,
                $"is {run.Status} at {history.ReadAt:O}, attempt {run.OpenAttempt}, waits for '{run.WaitsFor}', next deadline {run.NextDeadline:O}, bound {bound:O}");
        }

        var ended = history.Runs.Where(run => run.IsTerminal).Select(run => run.Id).ToHashSet();
        foreach (var open in history.Attempts.Where(attempt => attempt.EndedAt is null && !attempt.Leaked && ended.Contains(attempt.Run)))
        {
            yield return new(ViolationKind.Stuck, open.Run, $"has ended, and its attempt {open.Number} still occupies a slot of {open.Node} and of queue {open.Queue}");
        }

        foreach (var held in history.Locks.Where(held => ended.Contains(held.Run)))
        {
            yield return new(ViolationKind.Stuck, held.Run, $"has ended, and holds the lock {held.Name}");
        }
    }
}
