namespace Orleans.Workflows.Admission.Holds;

/// <summary>Who put a hold.</summary>
public enum HoldSource
{
    /// <summary>A person. It stands until its time, or until a person releases it.</summary>
    Operator,

    /// <summary>The model's service told when the credential's limit is reset. It ends then.</summary>
    RateLimit,

    /// <summary>So many attempts failed of it that others would too. At its end one run tries, and either releases it or begins it anew, for longer.</summary>
    Breaker,
}
