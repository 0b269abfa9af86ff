namespace Orleans.Workflows.Execution;

/// <summary>Where this node finds its agents.</summary>
public sealed class AgentsOptions
{
    /// <summary>Absolute path of a binary by agent name, tried before PATH and the known places.</summary>
    public Dictionary<string, string> Binaries { get; set; } = [];
}
