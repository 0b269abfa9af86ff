namespace Orleans.Workflows.Server.Tests.Nodes;

/// <summary>Nodes of one cluster, each with a directory of its own, whose loss is seen after seconds.</summary>
internal static class ShortLeases
{
    public static Dictionary<string, string> Settings(string root, string node, string connectionString) => new()
    {
        ["Workflows__StateDirectory"] = Path.Combine(root, node),
        ["Workflows__Execution__Node"] = node,
        ["Workflows__Database__Provider"] = "postgresql",
        ["Workflows__Database__ConnectionString"] = connectionString,
        ["Workflows__Execution__StopAgentsOnShutdown"] = "true",
        ["Workflows__Execution__NodeLease"] = "00:00:04",
        ["Workflows__Execution__Lease"] = "00:00:03",
        ["Workflows__Execution__InterruptGrace"] = "00:00:00.5",
        ["Workflows__Execution__InputGrace"] = "00:00:00.5",
        ["Workflows__Execution__TermGrace"] = "00:00:00.5",
        ["Workflows__Execution__AdoptionWindow"] = "00:00:12",
    };
}
