using System.Text.Json;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>What the scripted agents themselves wrote down of their starts and ends: the judge of limits, independent of our records.</summary>
public sealed class AgentJournal
{
    private readonly List<(double BootMs, int Change, string Run)> _marks = [];

    private AgentJournal()
    {
    }

    /// <summary>The variable that tells a scripted agent where its journal is.</summary>
    public const string Variable = "SCRIPTED_AGENT_JOURNAL";

    /// <summary>Start lines by run marker.</summary>
    public IReadOnlyDictionary<string, int> Starts => _marks.Where(mark => mark.Change > 0).GroupBy(mark => mark.Run).ToDictionary(run => run.Key, run => run.Count());

    public int Ends => _marks.Count(mark => mark.Change < 0);

    /// <summary>Most agents alive at one instant; an end and a start of the same millisecond count as one after the other.</summary>
    public int Peak
    {
        get
        {
            var (now, peak) = (0, 0);
            foreach (var (_, change, _) in _marks.OrderBy(mark => mark.BootMs).ThenBy(mark => mark.Change))
            {
                now += change;
                peak = Math.Max(peak, now);
            }

            return peak;
        }
    }

    public static AgentJournal Read(string path)
    {
        var journal = new AgentJournal();
        foreach (var line in File.ReadLines(path))
        {
            using var entry = JsonDocument.Parse(line);
            var root = entry.RootElement;
            var change = root.GetProperty("event").GetString() switch { "start" => 1, "end" => -1, _ => 0 };
            if (change != 0)
            {
                journal._marks.Add((root.GetProperty("bootMs").GetDouble(), change, root.GetProperty("run").GetString()!));
            }
        }

        return journal;
    }
}
