using System.Text.Json;

namespace Orleans.Workflows.Chaos.Checking.Reading;

/// <summary>
/// Reads what the agents wrote of themselves; the file is theirs alone.
/// <code>{"event":"start","run":"0190…/1","pid":42,"unixMs":1790000000000,"bootMs":123456.789,"code":null}</code>
/// </summary>
internal static class JournalReader
{
    public static IReadOnlyList<AgentLine> Read(string path)
    {
        var lines = new List<AgentLine>();
        foreach (var line in File.Exists(path) ? File.ReadLines(path) : [])
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (RunMarker.TryParse(root.GetProperty("run").GetString(), out var run, out var attempt))
            {
                lines.Add(new(root.GetProperty("event").GetString()!, run, attempt, root.GetProperty("pid").GetInt32(), root.GetProperty("bootMs").GetDouble()));
            }
        }

        return lines;
    }
}
