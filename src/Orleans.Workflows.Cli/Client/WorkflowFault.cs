namespace Orleans.Workflows.Cli.Client;

/// <summary>What is wrong in a workflow's folder.</summary>
internal sealed record WorkflowFault
{
    public string? Workflow { get; init; }

    public string? File { get; init; }

    public int? Line { get; init; }

    public string? Message { get; init; }

    public string? Remedy { get; init; }
}
