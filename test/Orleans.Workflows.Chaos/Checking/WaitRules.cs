namespace Orleans.Workflows.Chaos.Checking;

/// <summary>
/// Nobody starves: a run's wait for its first start is bounded by what waiting in line would have been. That is the time in which as
/// many runs were claimed, or ended as they waited, as there waited when it came, and the longest attempt of the meantime. One that still waits is for other rules.
/// </summary>
internal static class WaitRules
{
    /// <summary>How many times its fair wait a run may wait, beside what its priority and holds cost it.</summary>
    public const double Bound = 9;

    public static IEnumerable<Violation> Check(History history) => Of(history)
        .Where(wait => wait.Share > Bound)
        .Select(wait => new Violation(ViolationKind.Starved, wait.Run, $"waited {wait.Waited.TotalSeconds:0.0} s; fair were {wait.Fair.TotalSeconds:0.0} s"));

    /// <summary>How long each run waited, in the order in which they came.</summary>
    public static IEnumerable<RunWait> Of(History history)
    {
        var first = history.Attempts.GroupBy(attempt => attempt.Run).ToDictionary(attempts => attempts.Key, attempts => attempts.Min(attempt => attempt.ClaimedAt));
        var waits = history.Runs.Select(run => (Run: run, From: run.CreatedAt, To: first.TryGetValue(run.Id, out var claimedAt) ? claimedAt : run.EndedAt ?? history.ReadAt)).OrderBy(wait => wait.From).ToArray();
        var goings = waits.Select(wait => wait.To).Concat(history.Attempts.Where(attempt => attempt.ClaimedAt > first[attempt.Run]).Select(attempt => attempt.ClaimedAt)).Order().ToArray();
        foreach (var (run, from, to) in waits.Where(wait => wait.Run.IsTerminal || first.ContainsKey(wait.Run.Id)))
        {
            var before = waits.TakeWhile(other => other.From <= from).Count(other => other.To > from && other.Run != run);
            var lastOfLine = before == 0 ? from : goings[Math.Min(goings.Count(goneAt => goneAt <= from) + before, goings.Length) - 1];
            var longest = history.Attempts.Where(attempt => attempt.ClaimedAt < to && !(attempt.EndedAt < from)).Select(attempt => (attempt.EndedAt ?? history.ReadAt) - attempt.ClaimedAt).DefaultIfEmpty().Max();
            var held = TimeSpan.FromTicks(history.Rules.Where(rule => rule.Limit == 0 && rule.IsAbout(run)).Sum(rule => Overlap(rule, from, to, history.ReadAt).Ticks));
            var rising = history.PriorityAging * (run.Priority - 1);
            yield return new(run.Id, to - from, lastOfLine - from + longest, held + rising);
        }
    }

    private static TimeSpan Overlap(LiveRule rule, DateTimeOffset from, DateTimeOffset to, DateTimeOffset readAt)
    {
        var begin = rule.AskedAt > from ? rule.AskedAt : from;
        var end = rule.EndedAt is { } ended && ended < to ? ended : to < readAt ? to : readAt;
        return end > begin ? end - begin : TimeSpan.Zero;
    }
}
