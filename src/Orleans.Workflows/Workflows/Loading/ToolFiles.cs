namespace Orleans.Workflows.Workflows.Loading;

/// <summary>The files beside a definition: tool lists and MCP servers. A list that is there and can't be read refuses the workflow.</summary>
internal static class ToolFiles
{
    public static IReadOnlyList<string>? Tools(WorkflowFolder files, string file, ProblemSink problems)
    {
        if (files.ReadJson(file) is not { } node)
        {
            return null;
        }
        if (node is not ListNode list)
        {
            problems.Add(file, node.At, null, $"{file} is not a JSON array.", "Write [\"Read\", \"Bash(git *)\"].");
            return null;
        }
        foreach (var item in list.Items.Where(item => item is not ScalarNode { Kind: ScalarKind.Text } text || string.IsNullOrWhiteSpace(text.Text)))
        {
            problems.Add(file, item.At, null, $"{file} holds something that is not the name of a tool.", "Write every tool as a non-empty JSON string.");
        }
        return [.. list.Items.OfType<ScalarNode>().Select(item => item.Text)];
    }

    public static string? McpServers(WorkflowFolder files, ProblemSink problems)
    {
        const string file = ".mcp.json";
        if (files.ReadJson(file) is not { } node)
        {
            return null;
        }
        if (node is MapNode map && map.Entries.FirstOrDefault(entry => entry.Key == "mcpServers")?.Value is MapNode servers && servers.Entries.All(server => server.Value is MapNode))
        {
            return node.ToJson()!.ToJsonString(WorkflowInput.Json);
        }
        problems.Add(file, node.At, "mcpServers", $"{file} has no object 'mcpServers' of servers.", "Write {\"mcpServers\": {\"name\": {\"command\": \"…\"}}}.");
        return null;
    }
}
