using System.Text.Json;

namespace Orleans.Workflows.Chaos.Checking.Reading;

/// <summary>Reads what the servers' counters came to.
/// <code>{"node":"n1","counter":"workflows.processes.repairs","what":"ended"}</code></summary>
internal static class RepairReader
{
    public static IReadOnlyList<Repair> Read(string directory)
    {
        var repairs = new List<Repair>();
        foreach (var line in Directory.EnumerateFiles(directory).SelectMany(File.ReadLines))
        {
            var json = JsonElement.Parse(line);
            repairs.Add(new(json.GetProperty("node").GetString()!, json.GetProperty("counter").GetString()!, json.GetProperty("what").GetString()));
        }

        return repairs;
    }
}
