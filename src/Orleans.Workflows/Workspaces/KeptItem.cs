namespace Orleans.Workflows.Workspaces;

/// <summary>Something that a clean-up left alone.</summary>
/// <param name="Item">A path or a branch.</param>
/// <param name="Reason">One sentence.</param>
public sealed record KeptItem(string Item, string Reason);
