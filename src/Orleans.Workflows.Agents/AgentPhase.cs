namespace Orleans.Workflows.Agents;

/// <summary>What an attempt does now, as far as its output tells.</summary>
public enum AgentPhase
{
    /// <summary>No output yet.</summary>
    Spawned = 0,

    /// <summary>Waits for the model.</summary>
    Model = 1,

    /// <summary>The model's service failed; the agent waits to try again.</summary>
    Retrying = 2,

    /// <summary>A tool runs.</summary>
    Tool = 3,

    /// <summary>Waits for a person's answer.</summary>
    Person = 4,

    /// <summary>Gave its result.</summary>
    Result = 5,
}
