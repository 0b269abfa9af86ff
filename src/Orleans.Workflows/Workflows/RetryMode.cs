namespace Orleans.Workflows.Workflows;

/// <summary>How an automatic further attempt begins. Stored by name.</summary>
public enum RetryMode
{
    /// <summary>Continues the agent's session and workspace where the agent can, else restarts.</summary>
    Resume = 1,

    /// <summary>A new session in a new workspace.</summary>
    Restart = 2,
}
