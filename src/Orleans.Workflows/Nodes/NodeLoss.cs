using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Nodes;

/// <summary>
/// An operator's word that a node's machine is off and will not return. It stands for the adoption window, in which the node's
/// supervisors end their agents; so it is not taken while there is evidence against it.
/// </summary>
internal static class NodeLoss
{
    /// <summary>Why the word is not taken; null: it is.</summary>
    /// <param name="node">Which node.</param>
    /// <param name="row">As the ledger has it.</param>
    /// <param name="isMember">The cluster counts a silo of it among the living.</param>
    /// <param name="hasLeases">Agents end without their server, so that nodes are taken over at all.</param>
    /// <param name="now">By the wall clock, as the row's lease is.</param>
    public static Failure? Refusal(string node, NodeRow? row, bool isMember, bool hasLeases, DateTimeOffset now) => row switch
    {
        null => Failure.NotFound($"There is no node '{node}'.", "See 'workflows nodes' (GET /api/v1/nodes) for those there are.") with { Code = "node_not_found", Field = "name" },
        _ when !hasLeases => Failure.Conflict("no_takeover", "On SQLite there is one node, and no other takes its runs over.", "Start its server again, on another machine with a restored state directory if need be."),
        _ when isMember => Failure.Conflict("node_alive", $"The node '{node}' is not lost: the cluster has a living server of it at {row.SiloAddress}.", "Stop that server, or switch its machine off; a killed or frozen one counts as dead within half a minute."),
        _ when row.LeaseUntil > now && row.Loss is null => Failure.Conflict("node_alive", $"The node '{node}' counts as alive until {row.LeaseUntil:u}, unless it renews its lease.", "Switch its machine off and ask again after that time."),
        _ => null,
    };

    /// <summary>Ends an open attempt of a node that was declared lost; its run goes on elsewhere. False for one whose processes can't be ended: it stays open until it is released.</summary>
    public static Task<bool> TakeAsync(IGrainFactory grains, OpenAttemptRow open, NodeLossRow loss) => grains.GetRunAttempts(open.Run).NodeDeclaredLostAsync(
        open.Number, new() { Id = Guid.CreateVersion7(loss.At), Caller = loss.Caller, CorrelationId = loss.CorrelationId, Text = loss.Reason });
}
