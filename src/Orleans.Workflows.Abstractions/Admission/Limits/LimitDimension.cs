namespace Orleans.Workflows.Admission.Limits;

/// <summary>What a limit counts by. A run has at most one key in each, but for labels, of which each name is a dimension of its own.</summary>
public enum LimitDimension
{
    /// <summary>One pool for all runs.</summary>
    Service,
    Queue,
    Workflow,

    /// <summary>As the request names it.</summary>
    Tenant,

    /// <summary>The full path of the repository, or else of the directory, that the run works in or on.</summary>
    Repository,

    /// <summary>The name of the workflow's credential.</summary>
    Credential,

    /// <summary>The model that the request or the workflow names; of the agent's own default there is no key.</summary>
    Model,

    /// <summary>The value of the label that the limit names.</summary>
    Label,

    /// <summary>The kind of the agent.</summary>
    Agent,

    /// <summary>A node, by its name: for holds alone, which let nobody start there. No run has a key in it.</summary>
    Node,
}
