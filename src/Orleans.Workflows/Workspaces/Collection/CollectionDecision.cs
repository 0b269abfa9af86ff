namespace Orleans.Workflows.Workspaces.Collection;

/// <summary>An entry that goes.</summary>
public sealed record CollectionDecision(CollectionEntry Entry, CollectionReason Reason);
