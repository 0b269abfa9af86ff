using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workflows;

/// <summary>What the agent is asked, or why it can't be asked.</summary>
public sealed record PromptResult
{
    public string Prompt { get; init; } = "";

    public string? SystemPrompt { get; init; }

    public Failure? Failure { get; init; }

    internal static PromptResult Refused(Failure failure) => new() { Failure = failure };
}
