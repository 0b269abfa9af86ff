using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Nodes;

/// <summary>What a word that a node is lost did.</summary>
/// <param name="Node">As it stands now.</param>
/// <param name="Taken">Runs whose attempt there was ended by this call; they go on elsewhere.</param>
/// <param name="Leaked">Runs whose processes there could not be ended before: each stays open until it is released.</param>
/// <param name="Pending">Runs that could not be told now; they are told within half a node's lease.</param>
public sealed record NodeLossDocument(NodeInfo Node, IReadOnlyList<RunId> Taken, IReadOnlyList<RunId> Leaked, IReadOnlyList<RunId> Pending);
