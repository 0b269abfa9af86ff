namespace Orleans.Workflows.Nodes;

/// <summary>What this node is to the others.</summary>
public sealed class NodeOptions
{
    /// <summary>
    /// What it has that runs may need (<c>needs</c>), such as <c>docker</c>: at most 32 names of 63 letters, digits, '.', '-' and
    /// '_'. One text with commas is a list too. Default none.
    /// </summary>
    public IList<string> Labels { get; set; } = [];

    /// <summary>What it does. Default <see cref="NodeRole.Both"/>.</summary>
    public NodeRole Role { get; set; } = NodeRole.Both;
}
