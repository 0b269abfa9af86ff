namespace Orleans.Workflows.Chaos.Checking;

/// <summary>
/// When one agent process is proven to have lived: from its start line to its end line, or, of one that was killed, to its last
/// line. So it may have lived longer, never shorter, and what is found by it is proven.
/// </summary>
internal sealed record AgentLife(Guid Run, int Attempt, int Pid, double From, double To)
{
    public static IReadOnlyList<AgentLife> Of(IReadOnlyList<AgentLine> journal)
    {
        var lives = new List<AgentLife>();
        foreach (var process in journal.GroupBy(line => (line.Run, line.Attempt, line.Pid)))
        {
            foreach (var line in process.OrderBy(line => line.BootMs))
            {
                if (line.Event == "start")
                {
                    lives.Add(new(line.Run, line.Attempt, line.Pid, line.BootMs, line.BootMs));
                }
                else if (lives.Count > 0 && (lives[^1].Run, lives[^1].Attempt, lives[^1].Pid) == process.Key)
                {
                    lives[^1] = lives[^1] with { To = line.BootMs };
                }
            }
        }

        return lives;
    }

    /// <summary>Most lives at one instant, and whose; an end and a start at the same moment come one after the other.</summary>
    public static (int Most, IReadOnlyList<AgentLife> Alive) Peak(IEnumerable<AgentLife> lives)
    {
        // Of an agent that left its start line alone the end comes last: it lived at that instant.
        var marks = lives.SelectMany(life => new[] { (At: life.From, Order: 1, Life: life), (At: life.To, Order: life.From < life.To ? 0 : 2, Life: life) });
        var (alive, peak) = (new List<AgentLife>(), Array.Empty<AgentLife>());
        foreach (var (_, order, life) in marks.OrderBy(mark => mark.At).ThenBy(mark => mark.Order))
        {
            if (order != 1)
            {
                alive.Remove(life);
                continue;
            }

            alive.Add(life);
            peak = alive.Count > peak.Length ? [.. alive] : peak;
        }

        return (peak.Length, peak);
    }
}
