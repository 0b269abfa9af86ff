using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Runtime.Services;
using Orleans.Services;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>A silo's address for what its node runs.</summary>
internal interface INodeService : IGrainService
{
    Task StopAsync(RunId run, int attempt, Guid commandId, bool now);

    Task DeliverAsync(RunId run, int attempt, Guid messageId, string text);

    Task CheckAsync(RunId run, int attempt);

    Task<NodeDescription> DescribeAsync();
}

/// <summary>Hands what runs' grains ask to the attempts of this silo's node.</summary>
[Reentrant]
internal sealed class NodeService(GrainId id, Silo silo, ILoggerFactory loggers, Attempts attempts, IOptions<NodeOptions> node) : GrainService(id, silo, loggers), INodeService
{
    private static readonly string Version = typeof(NodeService).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    public Task StopAsync(RunId run, int attempt, Guid commandId, bool now) => attempts.StopAsync(run, attempt, commandId, now);

    public Task DeliverAsync(RunId run, int attempt, Guid messageId, string text) => attempts.DeliverAsync(run, attempt, messageId, text);

    public Task CheckAsync(RunId run, int attempt)
    {
        attempts.Check(run, attempt);
        return Task.CompletedTask;
    }

    public Task<NodeDescription> DescribeAsync() => Task.FromResult(new NodeDescription(Version, node.Value.Role, node.Value.Labels.ToArray()));
}

/// <summary>Finds the silo of a node: a silo carries its node's id as its name. Without leases there is one, whatever its node was called before.</summary>
internal sealed class NodeLink(IServiceProvider services, IClusterMembershipService membership, IOptions<ExecutionOptions> options) : GrainServiceClient<INodeService>(services), INodeLink
{
    // Async all: an unreachable node fails the call, never its caller's turn.
    public async Task StopAsync(string node, RunId run, int attempt, Guid commandId, bool now) => await At(node).StopAsync(run, attempt, commandId, now);

    public async Task DeliverAsync(string node, RunId run, int attempt, Guid messageId, string text) => await At(node).DeliverAsync(run, attempt, messageId, text);

    public async Task CheckAsync(string node, RunId run, int attempt) => await At(node).CheckAsync(run, attempt);

    public async Task<NodeDescription> DescribeAsync(string node) => await At(node).DescribeAsync();

    public bool IsMember(string node) => membership.CurrentSnapshot.Members.Values.Any(member => member.Name == node && member.Status != SiloStatus.Dead);

    private INodeService At(string node)
    {
        foreach (var (address, member) in membership.CurrentSnapshot.Members)
        {
            if ((member.Name == node || options.Value.Lease is null) && member.Status == SiloStatus.Active)
            {
                return GetGrainService(address);
            }
        }

        throw new NodeUnreachableException(node);
    }
}
