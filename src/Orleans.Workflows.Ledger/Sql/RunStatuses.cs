using System.Collections.Frozen;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Statuses by the names that they are stored under.</summary>
internal static class RunStatuses
{
    private static readonly FrozenDictionary<RunStatus, string> Names = Enum.GetValues<RunStatus>().ToFrozenDictionary(s => s, s => s.ToString());
    private static readonly FrozenDictionary<string, RunStatus> Values = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The terminal ones as an SQL list.</summary>
    public static string TerminalList { get; } = string.Join(", ", Names.Where(n => n.Key.IsTerminal()).Select(n => $"'{n.Value}'"));

    public static string NameOf(RunStatus status) => Names[status];

    public static RunStatus Parse(string name) => Values[name];
}
