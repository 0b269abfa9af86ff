using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>Reaches the attempts of a node, wherever its silo is. The request is in the ledger first, so a lost call is only slow.</summary>
internal interface INodeLink
{
    Task StopAsync(string node, RunId run, int attempt, Guid commandId, bool now);

    Task DeliverAsync(string node, RunId run, int attempt, Guid messageId, string text);

    Task CheckAsync(string node, RunId run, int attempt);

    /// <summary>Whether the cluster counts a silo of the node among the living, as far as this silo knows.</summary>
    bool IsMember(string node);

    /// <summary>What the node's silo says of itself.</summary>
    Task<NodeDescription> DescribeAsync(string node);
}
