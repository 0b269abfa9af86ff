using System.Text.Json;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>A run's labels as a JSON object, in the order of their names; none is null.</summary>
internal static class Labels
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    public static string? Write(IReadOnlyDictionary<string, string> labels) => labels.Count == 0
        ? null
        : JsonSerializer.Serialize(new SortedDictionary<string, string>(labels.ToDictionary(), StringComparer.Ordinal));

    public static IReadOnlyDictionary<string, string> Read(string? json) =>
        json is null ? None : JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
}
