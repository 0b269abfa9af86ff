namespace Orleans.Workflows.Chaos.Checking;

/// <summary>
/// A rule that was changed meanwhile: whoever was claimed while it held finds no more agents of its key alive than it says, itself
/// included. Those who run already when a limit is lowered go on, so what counts is the moment of a start.
/// </summary>
internal static class LiveRules
{
    /// <summary>Whoever was granted before the answer may still be on its way to its claim.</summary>
    public static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(12);

    public static IEnumerable<Violation> Check(History history)
    {
        var runs = history.Runs.ToDictionary(run => run.Id);
        var attempts = history.Attempts.ToDictionary(attempt => (attempt.Run, attempt.Number));
        var lives = history.Lives.Where(life => runs.ContainsKey(life.Run)).ToArray();
        foreach (var rule in history.Rules.Where(rule => rule.AnsweredAt is not null))
        {
            var own = lives.Where(life => rule.IsAbout(runs[life.Run])).ToArray();
            foreach (var life in own.Where(life => attempts.TryGetValue((life.Run, life.Attempt), out var attempt) && MustKeep(rule, attempt.ClaimedAt, history.ReadAt)))
            {
                // An agent that ends at the moment at which another starts gave its place to it.
                var alive = own.Count(other => other == life || (other.From <= life.From && other.To > life.From));
                if (alive > rule.Limit)
                {
                    yield return new(ViolationKind.LimitExceeded, life.Run, $"attempt {life.Attempt} started as one of {alive} although {rule} held from {rule.AnsweredAt:O} to {rule.EndingAt:O}");
                }
            }
        }
    }

    private static bool MustKeep(LiveRule rule, DateTimeOffset claimedAt, DateTimeOffset readAt) =>
        claimedAt >= rule.AnsweredAt + OnTheWay && claimedAt < (rule.EndingAt ?? readAt);
}
