namespace Orleans.Workflows.Workflows.Loading;

/// <summary>A definition as read, with where its parts came from, for the problems that show when it is compiled.</summary>
internal sealed record WorkflowDraft(WorkflowDefinition Definition, string File, Func<string, Position> At)
{
    public string PromptFile { get; init; } = "prompt.md";

    public string SystemPromptFile { get; init; } = "system.md";

    public (string File, Position At) Place(DefinitionError error) => error.Field switch
    {
        "prompt" => (PromptFile, Position.OfOffset(Definition.Prompt, error.Offset)),
        "systemPrompt" => (SystemPromptFile, Position.OfOffset(Definition.SystemPrompt, error.Offset)),
        var field => (File, At(field)),
    };
}
