namespace Orleans.Workflows.Workflows;

/// <summary>What becomes of a run when another attempt might help and none is left. Stored by name.</summary>
public enum RetryExhaustion
{
    /// <summary>The run fails as its last attempt did.</summary>
    Fail = 1,

    /// <summary>The run waits for a person, who resumes it for another round of attempts, or ends it.</summary>
    Pause = 2,
}
