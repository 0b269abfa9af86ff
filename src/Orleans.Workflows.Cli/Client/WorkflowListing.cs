namespace Orleans.Workflows.Cli.Client;

/// <summary>A workflow as the server knows it, as far as it is shown.</summary>
internal sealed record WorkflowListing
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Agent { get; init; }

    public string? Model { get; init; }

    public int? MaxTurns { get; init; }

    public string? Queue { get; init; }

    public string? Folder { get; init; }

    public string? Hash { get; init; }

    /// <summary>Why it can't be used; empty when it can.</summary>
    public IReadOnlyList<WorkflowFault> Problems { get; init; } = [];
}

/// <summary>What is wrong in a workflow's folder.</summary>
internal sealed record WorkflowFault(string? File, int? Line, string? Message, string? Remedy);
