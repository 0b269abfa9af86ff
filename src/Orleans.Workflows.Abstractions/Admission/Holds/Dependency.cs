namespace Orleans.Workflows.Admission.Holds;

/// <summary>What attempts need beside a slot, and what may fail for all that need it.</summary>
public enum Dependency
{
    /// <summary>The agent's program on the nodes.</summary>
    Agent,

    /// <summary>The model's service.</summary>
    Model,

    /// <summary>What the agent signs in with, and what its account may use.</summary>
    Credential,
}
