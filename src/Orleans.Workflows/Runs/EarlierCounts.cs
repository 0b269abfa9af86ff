using Orleans.Workflows.Agents;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Runs;

/// <summary>Counts of a run's earlier attempts, to which the latest one's are added.</summary>
internal sealed record EarlierCounts
{
    public Dictionary<string, int>? Tools { get; init; }

    public Dictionary<string, TokenUsage>? Models { get; init; }

    public long? ApiMs { get; init; }

    public int PermissionDenials { get; init; }

    public static EarlierCounts? Of(RunState state) => state.Ended.Count == 0 ? null : new()
    {
        Tools = state.Details.Tools,
        Models = state.Details.Models,
        ApiMs = state.Row.ApiMs,
        PermissionDenials = state.Row.PermissionDenials,
    };

    public static Dictionary<string, int>? AddTools(EarlierCounts? earlier, AgentProgress progress) =>
        Sum(earlier?.Tools, progress.Tools, static (a, b) => a + b);

    public static Dictionary<string, TokenUsage>? AddModels(EarlierCounts? earlier, AgentProgress progress) =>
        Sum(earlier?.Models, progress.Models, static (a, b) => a.Add(b));

    private static Dictionary<string, T>? Sum<T>(Dictionary<string, T>? earlier, IReadOnlyDictionary<string, T> latest, Func<T, T, T> add)
    {
        if (latest.Count == 0)
        {
            return earlier;
        }

        var sum = new Dictionary<string, T>(earlier ?? []);
        foreach (var (name, value) in latest)
        {
            sum[name] = sum.TryGetValue(name, out var before) ? add(before, value) : value;
        }

        return sum;
    }
}
