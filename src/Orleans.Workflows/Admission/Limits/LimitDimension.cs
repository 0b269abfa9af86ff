namespace Orleans.Workflows.Admission.Limits;

/// <summary>What a limit counts by. A run has at most one key in each, but for labels, of which each name is a dimension of its own.</summary>
internal enum LimitDimension
{
    /// <summary>One pool for all runs.</summary>
    Service,
    Queue,
    Workflow,
    Tenant,
    Repository,
    Credential,
    Model,
    Label,
}
