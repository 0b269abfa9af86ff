namespace Orleans.Workflows.Workflows.Loading;

/// <summary>
/// The older shape of a folder: <c>config.json</c> beside a <c>prompt.md</c> that is the system prompt, word for word; the
/// run's message is the prompt. Members that only a user interface used (icon, colours, category) are passed over.
/// </summary>
internal static class OlderShape
{
    public static WorkflowDraft? Read(WorkflowFolder files, string folder, ProblemSink problems)
    {
        const string file = WorkflowLoader.OlderFile;
        var node = files.ReadJson(file);
        if (node is not MapNode map)
        {
            if (node is not null)
            {
                problems.Add(file, node.At, null, $"{file} is not a JSON object.", "Write {\"description\": \"…\", \"maxTurns\": 30}.");
            }
            return null;
        }
        var config = new MapReader(map, file, "", problems, [], ignoreUnknown: true);
        var title = config.Text("display_name");
        var systemPrompt = files.Read("prompt.md");
        var definition = new WorkflowDefinition
        {
            Name = config.Text("name") ?? folder,
            Description = config.Text("description") ?? title,
            Agent = "claude",
            Model = config.Text("model"),
            MaxTurns = config.Integer("maxTurns", 1, WorkflowYaml.MostTurns) ?? config.Integer("suggestedTurns", 1, WorkflowYaml.MostTurns),
            Credential = new() { Name = "claude" },
            AllowedTools = ToolFiles.Tools(files, "allowed_tools.json", problems) ?? [],
            DisallowedTools = ToolFiles.Tools(files, "disallowed_tools.json", problems) ?? [],
            McpServers = ToolFiles.McpServers(files, problems),
            SystemPrompt = string.IsNullOrWhiteSpace(systemPrompt) ? null : PromptTemplate.Escape(systemPrompt),
            Labels = title is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["title"] = title },
        };
        return new WorkflowDraft(definition, file, config.At) { SystemPromptFile = "prompt.md" };
    }
}
