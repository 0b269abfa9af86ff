namespace Orleans.Workflows.Ledger.Rows;

/// <summary>One machine or container with its own state directory.</summary>
/// <param name="Node">The stable id that outlives the silo process.</param>
/// <param name="SiloAddress">Where its silo listens now.</param>
/// <param name="Slots">Attempts at once.</param>
public sealed record NodeRow(string Node, string SiloAddress, int Slots, DateTimeOffset StartedAt, DateTimeOffset LeaseUntil)
{
    /// <summary>What an operator said of this very process of the node; read only.</summary>
    public NodeLossRow? Loss { get; init; }
}
