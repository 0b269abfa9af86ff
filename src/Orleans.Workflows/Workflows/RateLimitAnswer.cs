namespace Orleans.Workflows.Workflows;

/// <summary>What becomes of a run whose account may use no more for now. Stored by name.</summary>
public enum RateLimitAnswer
{
    /// <summary>The run waits for the limit's reset; that is no try, and its time limits stand still.</summary>
    Wait = 1,

    /// <summary>No attempt follows: the run fails as rate limited, or waits for a person where its policy says so.</summary>
    Fail = 2,
}
