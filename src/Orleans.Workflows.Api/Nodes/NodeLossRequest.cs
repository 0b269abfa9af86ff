namespace Orleans.Workflows.Api.Nodes;

/// <summary>A caller's word that a node is lost.</summary>
public sealed record NodeLossRequest
{
    /// <summary>Must be true: its machine is off, or its disk and processes are gone, and it will not return as it was. Two agents would work on one run if it were not so.</summary>
    public required bool MachineIsOff { get; init; }

    /// <summary>Why, 1 to 1,000 characters; kept with the node and with each of its runs.</summary>
    public required string Reason { get; init; }
}
