namespace Orleans.Workflows.Cli.Client;

/// <summary>The filter of <c>POST /batches</c>, as it was typed.</summary>
internal sealed record RunFilterBody
{
    public string[]? Status { get; init; }

    public string? Workflow { get; init; }

    public string? Queue { get; init; }

    public string? Caller { get; init; }

    public string? Session { get; init; }

    public string? Branch { get; init; }

    public string? Reason { get; init; }

    public string? Node { get; init; }

    public bool? Leaked { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    public string? CreatedFrom { get; init; }

    public string? CreatedTo { get; init; }
}
