namespace Orleans.Workflows.Chaos.Checking;

/// <summary>While an agent lives whose run holds something alone, no agent lives of another run that asked for it.</summary>
internal static class LockRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var runs = history.Runs.ToDictionary(run => run.Id);
        var lives = history.Lives.Where(life => runs.ContainsKey(life.Run))
            .SelectMany(life => runs[life.Run].Locks.Select(asked => (Life: life, Lock: asked)))
            .GroupBy(pair => pair.Lock.Name);
        foreach (var place in lives)
        {
            var all = place.OrderBy(pair => pair.Life.From).ToArray();
            for (var i = 0; i < all.Length; i++)
            {
                for (var j = i + 1; j < all.Length && all[j].Life.From < all[i].Life.To; j++)
                {
                    if (all[i].Life.Run != all[j].Life.Run && (all[i].Lock.IsExclusive || all[j].Lock.IsExclusive))
                    {
                        yield return new(ViolationKind.LimitExceeded, all[j].Life.Run, $"lives while {all[i].Life.Run}/{all[i].Life.Attempt} does, though one of them asked for {place.Key} alone");
                    }
                }
            }
        }
    }
}
