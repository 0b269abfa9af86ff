namespace Orleans.Workflows.Chaos.Checking;

/// <summary>One agent of a run at a time, and none more than its faults explain; by the agents' own journals.</summary>
internal static class ProcessRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var attempts = history.Attempts.ToLookup(attempt => attempt.Run);
        var lives = history.Lives.ToLookup(life => life.Run);
        foreach (var run in lives)
        {
            var (most, alive) = AgentLife.Peak(run);
            if (most > 1)
            {
                yield return new(ViolationKind.Overlapping, run.Key, $"{most} agents at once: {Describe(alive)}");
            }

            foreach (var again in run.GroupBy(life => life.Attempt).Where(attempt => attempt.Count() > 1))
            {
                yield return new(ViolationKind.StartedTwice, run.Key, $"attempt {again.Key} was executed {again.Count()} times: {Describe(again)}");
            }

            foreach (var unknown in run.Where(life => attempts[run.Key].All(attempt => attempt.Number != life.Attempt)))
            {
                yield return new(ViolationKind.StartedTwice, run.Key, $"the ledger knows no attempt {unknown.Attempt}: {Describe([unknown])}");
            }

            var explained = history.Hits.Count(hit => hit.Run == run.Key || attempts[run.Key].Any(hit.Explains));
            var agents = run.DistinctBy(life => life.Attempt).Count();
            if (agents > 1 + explained)
            {
                yield return new(ViolationKind.StartedTwice, run.Key, $"{agents} agents, and {explained} faults hit it: {Describe(run)}; attempts: {string.Join("; ", attempts[run.Key].OrderBy(attempt => attempt.Number).Select(attempt => $"{attempt.Number} on {attempt.Node} ended {attempt.EndedAt:O} by {attempt.Reason}"))}");
            }
        }

        foreach (var run in history.Runs.Where(run => run.Status == "Completed" && !lives.Contains(run.Id)))
        {
            yield return new(ViolationKind.Lost, run.Id, "is Completed, and no agent of it ever started");
        }
    }

    private static string Describe(IEnumerable<AgentLife> lives) =>
        string.Join(", ", lives.Select(life => $"attempt {life.Attempt} pid {life.Pid} from {life.From:F0} to {life.To:F0} ms"));
}
