using Orleans.Workflows.Tests.Workspaces;
using Orleans.Workflows.Workflows.Loading;

namespace Orleans.Workflows.Tests.Workflows;

/// <summary>What an author reads of a folder that is not understood.</summary>
public sealed class FolderProblemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("allowedTools: [Read]", "allowed_tools.json", "[\"Read\"]", "allowedTools", "Keep one of them")]
    [InlineData("mcpServers: {a: {command: x}}", ".mcp.json", "{\"mcpServers\": {}}", "mcpServers", "Keep one of them")]
    [InlineData("mcpServers: [a]", "system.md", "x", "mcpServers", "command: program")]
    [InlineData("environment: {A: [b]}", "system.md", "x", "environment.A", "one of the three")]
    [InlineData("environment: {A: {fromEnv: A-B}}", "system.md", "x", "environment.A.fromEnv", "underscores")]
    [InlineData("credential: {name: a, variable: A-B}", "system.md", "x", "credential.variable", "underscores")]
    [InlineData("inputSchema: text", "system.md", "x", "inputSchema", "type: object")]
    [InlineData("model: [a]", "system.md", "x", "model", "one line of text")]
    [InlineData("labels: {a: [b]}", "system.md", "x", "labels.a", "one line of text")]
    [InlineData("labels: a", "system.md", "x", "labels", "name: value")]
    [InlineData("phases: {firstOutput: 0s}", "system.md", "x", "phases.firstOutput", "1h30m")]
    [InlineData("retry: {retryOnExitCodes: [x]}", "system.md", "x", "retry.retryOnExitCodes", "[1, 75]")]
    [InlineData("{[a]: b}", "system.md", "x", null, "key: value")]
    [InlineData("options: {a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "system.md", "x", null, "Flatten")]
    [InlineData("? [a]\n: b", "system.md", "x", null, "key: value")]
    [InlineData("description: ~", "prompt.md", "a\0b", null, "Remove it")]
    public void The_problem_names_the_field_and_the_way_out(string yaml, string file, string text, string? field, string remedy)
    {
        _folder.Write("a/workflow.yaml", yaml.StartsWith('{') ? yaml : $"agent: claude\n{yaml}");
        _folder.Write($"a/{file}", text);

        var loaded = WorkflowLoader.Load(_folder["a"]);

        Assert.Null(loaded.Workflow);
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal(field, problem.Field);
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", 1, "not a JSON object")]
    [InlineData("{\"a\": 1,\n\"a\": 2}", 2, "'a' stands here a second time")]
    [InlineData("{\"a\": 1,\n\n\"b\": \"\\ud800\"}", 3, "half a surrogate pair")]
    [InlineData("{\"a\": 1,}", 1, "not valid JSON")]
    public void An_older_folder_that_is_wrong_is_refused_with_its_line(string json, int line, string message)
    {
        _folder.Write("a/config.json", json);
        var problem = Assert.Single(WorkflowLoader.Load(_folder["a"]).Problems);
        Assert.Equal((_folder["a/config.json"], line), (problem.File, problem.Line));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void Nulls_of_an_older_folder_count_as_absent_and_its_flags_are_passed_over()
    {
        _folder.Write("a/config.json", """{"description": null, "display_name": "A", "hidden": true, "suggestedTurns": 5}""");
        var definition = WorkflowLoader.Load(_folder["a"]).Workflow!.Definition;
        Assert.Equal(("A", 5), (definition.Description, definition.MaxTurns));
    }

    [Fact]
    public void A_message_beyond_its_limit_is_refused_and_one_at_it_is_taken()
    {
        _folder.Write("a/workflow.yaml", "agent: claude");
        var workflow = WorkflowLoader.Load(_folder["a"]).Workflow!;
        var failure = workflow.ComposePrompt([], new string('x', (1024 * 1024) + 1)).Failure;
        Assert.Equal(("too_large", "message"), (failure?.Code, failure?.Field));
        Assert.Contains("into a file of the workspace", failure?.Remedy, StringComparison.Ordinal);
        Assert.Null(workflow.ComposePrompt([], new string('x', 1024 * 1024)).Failure);
    }

    [Fact]
    public void A_definition_that_is_no_file_is_told_with_its_name()
    {
        Directory.CreateDirectory(_folder["a/workflow.yaml"]);
        var problem = Assert.Single(WorkflowLoader.Load(_folder["a"]).Problems);
        Assert.Contains("workflow.yaml is not a regular file", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_folder_among_others_never_throws()
    {
        var loaded = WorkflowLoader.Load("/");
        Assert.Null(loaded.Workflow);
        Assert.NotEmpty(Assert.Single(loaded.Problems).Remedy);
    }
}
