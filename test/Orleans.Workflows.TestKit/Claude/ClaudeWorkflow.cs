namespace Orleans.Workflows.TestKit.Claude;

/// <summary>A workflow for the real <c>claude</c> that asks a model server of the test's, with an invented key beside it.</summary>
public static class ClaudeWorkflow
{
    /// <param name="directory">The workflow's own, whose name is the workflow's; made.</param>
    /// <param name="model">Where the model is: its workflow says that, a caller may not.</param>
    /// <param name="more">Further lines, such as of <c>retry</c>; an indented one first continues <c>environment</c>.</param>
    /// <param name="credential">The name of one that the server's settings know; null: an invented key in a file.</param>
    public static async Task WriteAsync(string directory, Uri model, string more, string? credential = null)
    {
        var key = Path.Combine(Directory.CreateDirectory(directory).Parent!.Parent!.FullName, "key-" + Path.GetFileName(directory));
        await File.WriteAllTextAsync(key, "sk-ant-invented");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(directory, "workflow.yaml"), $"""
            agent: claude
            permissionMode: bypassPermissions
            workspace: temporary
            credential:
              {(credential is null ? $"fromFile: {key}" : $"name: {credential}")}
              {(credential is null ? "variable: ANTHROPIC_API_KEY" : "")}
            environment:
              ANTHROPIC_BASE_URL: {model}
            {more}
            """);
    }
}
