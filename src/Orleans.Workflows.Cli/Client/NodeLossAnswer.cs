using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli.Client;

/// <summary>The answer of <c>POST /nodes/{name}/lost</c>.</summary>
internal sealed record NodeLossAnswer(NodeInfo Node, IReadOnlyList<RunId> Taken, IReadOnlyList<RunId> Leaked, IReadOnlyList<RunId> Pending);
