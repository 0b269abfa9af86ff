namespace Orleans.Workflows.Nodes;

/// <summary>Whether a node's silo works.</summary>
public enum NodeStatus
{
    /// <summary>It renews its lease.</summary>
    Active = 1,

    /// <summary>It stopped in order; its agents may go on until it is back.</summary>
    Stopped = 2,

    /// <summary>Its lease ran out without a word, or somebody declared it lost.</summary>
    Lost = 3,
}
