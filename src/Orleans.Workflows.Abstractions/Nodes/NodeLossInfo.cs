namespace Orleans.Workflows.Nodes;

/// <summary>An operator's word that a node's machine is off and will not return. It holds until the node comes back.</summary>
/// <param name="At">When it was said.</param>
/// <param name="Caller">Who said it.</param>
/// <param name="Reason">Why.</param>
public sealed record NodeLossInfo(DateTimeOffset At, string Caller, string Reason);
