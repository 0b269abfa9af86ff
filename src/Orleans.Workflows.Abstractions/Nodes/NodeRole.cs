namespace Orleans.Workflows.Nodes;

/// <summary>What a node does for the cluster. Each is a silo, and shares in watching all runs.</summary>
public enum NodeRole
{
    /// <summary>It serves the API and runs agents.</summary>
    Both = 1,

    /// <summary>It serves the API and runs no agents: it needs neither their programs nor their credentials.</summary>
    Frontend = 2,

    /// <summary>It runs agents, and of the API it serves health alone: who can reach its port can't start anything.</summary>
    Executor = 3,
}
