using Orleans.Workflows.Tests.Workspaces;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workflows.Loading;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workflows;

public sealed class LoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_field_of_a_definition_is_read()
    {
        _folder.Write("full/workflow.yaml", """
            name: everything
            description: "All of it: yes"
            agent: claude
            model: sonnet
            maxTurns: 7
            timeout: 1h30m
            queueTimeout: 90s
            attemptTimeout: 20m
            memoryLimit: 1.5GB
            phases: {firstOutput: 10s, modelSilence: 5m, toolSilence: 1h, exitAfterResult: 15s, backgroundTasks: 2m}
            budgetUsd: 2.50
            permissionMode: acceptEdits
            allowedTools: [Read, "Bash(git *)"]
            mcpServers:
              files: {command: mcp-files, args: [-v, 3]}
            environment:
              PLAIN: text
              NUMBER: 007
              KEY: {fromEnv: MY_KEY, optional: true}
              FILE: {fromFile: /run/secrets/x}
            credential: {fromFile: /run/secrets/key, variable: ANTHROPIC_API_KEY}
            workspace: {kind: worktree, repository: "{{input.repository}}", base: main, branch: "x/{{run.short}}"}
            queue: slow
            needs: [gpu, docker, gpu]
            retry: {maximumAttempts: 5, initialInterval: 2s, backoffCoefficient: 1.5, maximumInterval: 1m, retryOn: [rate_limited], retryOnExitCodes: [75], mode: restart, jitter: 0.5, onExhausted: pause, onRateLimit: fail}
            inputSchema:
              type: object
              required: [repository]
              properties: {repository: {type: string}}
            outputSchema: {type: object}
            options: {script: {steps: [{turn: 1}]}, plain: 5}
            labels: {team: a}
            """);
        _folder.Write("full/prompt.md", "Do {{input.repository}} {{message}}\n");
        _folder.Write("full/system.md", "Be good.\n");
        _folder.Write("full/disallowed_tools.json", "[\"WebFetch\"]");

        var loaded = WorkflowLoader.Load(_folder["full"]);

        Assert.Empty(loaded.Problems);
        var definition = loaded.Workflow!.Definition;
        Assert.Equal("everything", definition.Name);
        Assert.Equal(TimeSpan.FromMinutes(90), definition.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(90), definition.QueueTimeout);
        Assert.Equal(2.5m, definition.BudgetUsd);
        Assert.Equal(["Read", "Bash(git *)"], definition.AllowedTools);
        Assert.Equal(["WebFetch"], definition.DisallowedTools);
        Assert.Equal("""{"mcpServers":{"files":{"command":"mcp-files","args":["-v",3]}}}""", definition.McpServers);
        Assert.Equal("007", definition.Environment["NUMBER"].Value);
        Assert.True(definition.Environment["KEY"] is { FromEnv: "MY_KEY", Optional: true });
        Assert.Equal("/run/secrets/x", definition.Environment["FILE"].FromFile);
        Assert.Equal("ANTHROPIC_API_KEY", definition.Credential!.Variable);
        Assert.Equal(new WorkspaceTemplate { Kind = WorkspaceKind.Worktree, Repository = "{{input.repository}}", BaseBranch = "main", Branch = "x/{{run.short}}" }, definition.Workspace);
        Assert.Equal(["docker", "gpu"], definition.Needs);
        Assert.Equal(RetryMode.Restart, definition.Retry.Mode);
        Assert.Equal([75], definition.Retry.RetryOnExitCodes);
        Assert.Equal((0.5, RetryExhaustion.Pause, RateLimitAnswer.Fail), (definition.Retry.Jitter, definition.Retry.OnExhausted, definition.Retry.OnRateLimit));
        Assert.Equal(TimeSpan.FromMinutes(20), definition.AttemptTimeout);
        Assert.Equal(3L << 29, definition.MemoryLimit);
        Assert.Equal(
            new PhaseTimes { FirstOutput = TimeSpan.FromSeconds(10), ModelSilence = TimeSpan.FromMinutes(5), ToolSilence = TimeSpan.FromHours(1), ExitAfterResult = TimeSpan.FromSeconds(15), BackgroundTasks = TimeSpan.FromMinutes(2) },
            definition.Phases);
        Assert.Equal("""{"steps":[{"turn":1}]}""", definition.Options["script"]);
        Assert.Equal("5", definition.Options["plain"]);
        Assert.Equal("Be good.\n", definition.SystemPrompt);
        Assert.Equal(loaded.Workflow.Json, WorkflowDefinition.FromJson(loaded.Workflow.Json).ToJson());
    }

    [Theory]
    [InlineData("agent: claude\nmaxTurn: 3", 2, 1, "maxTurn", "Did you mean 'maxTurns'?")]
    [InlineData("agent: claude\nmaxTurns: many", 2, 11, "maxTurns", "number")]
    [InlineData("agent: claude\nmaxTurns: 0", 2, 11, "maxTurns", "number")]
    [InlineData("agent: cluade", 1, 8, "agent", "Did you mean 'claude'?")]
    [InlineData("description: x", 1, 1, "agent", "agent:")]
    [InlineData("agent: claude\ntimeout: 9 hours", 2, 10, "timeout", "1h30m")]
    [InlineData("agent: claude\ntimeout: 30d", 2, 10, "timeout", "1h30m")]
    [InlineData("agent: claude\nbudgetUsd: -1", 2, 12, "budgetUsd", "number")]
    [InlineData("agent: claude\npermissionMode: yolo", 2, 17, "permissionMode", "acceptEdits")]
    [InlineData("agent: claude\nallowedTools: Read", 2, 15, "allowedTools", "[a, b]")]
    [InlineData("agent: claude\nenvironment:\n  A B: x", 3, 8, "environment.A B", "letters")]
    [InlineData("agent: claude\nenvironment:\n  A: {fromEnv: X, fromFile: /y}", 3, 6, "environment.A", "fromEnv")]
    [InlineData("agent: claude\nenvironment:\n  A: {fromFile: y}", 3, 17, "environment.A.fromFile", "whole path")]
    [InlineData("agent: claude\ncredential: {fromFile: /y}", 2, 13, "credential", "variable")]
    [InlineData("agent: claude\nworkspace: wroktree", 2, 12, "workspace", "Did you mean 'worktree'?")]
    [InlineData("agent: claude\nworkspace: {kind: temporary, path: /x}", 2, 36, "workspace.path", "kind")]
    [InlineData("agent: claude\nqueue: A B", 2, 8, "queue", "lower-case")]
    [InlineData("agent: claude\nretry:\n  mode: again", 3, 9, "retry.mode", "resume")]
    [InlineData("agent: claude\nretry: {onExhausted: ask}", 2, 22, "retry.onExhausted", "pause")]
    [InlineData("agent: claude\nretry: {onRateLimit: pass}", 2, 22, "retry.onRateLimit", "wait")]
    [InlineData("agent: claude\nretry: {jitter: 2}", 2, 17, "retry.jitter", "number")]
    [InlineData("agent: claude\nattemptTimeout: 0s", 2, 17, "attemptTimeout", "1h30m")]
    [InlineData("agent: claude\nneeds: docker", 2, 8, "needs", "[a, b]")]
    [InlineData("agent: claude\nneeds: [a b]", 2, 8, "needs", "letters")]
    [InlineData("agent: claude\nmemoryLimit: lots", 2, 14, "memoryLimit", "512MB")]
    [InlineData("agent: claude\nmemoryLimit: 1MB", 2, 14, "memoryLimit", "512MB")]
    [InlineData("agent: claude\nmemoryLimit: 17TB", 2, 14, "memoryLimit", "512MB")]
    [InlineData("agent: claude\nphases: {toolSilence: ages}", 2, 23, "phases.toolSilence", "1h30m")]
    [InlineData("agent: claude\nphases: {toolSilense: 1h}", 2, 10, "phases.toolSilense", "Did you mean 'toolSilence'?")]
    [InlineData("agent: claude\nphases: 5m", 2, 9, "phases", "modelSilence")]
    [InlineData("agent: claude\nretry: {retryOn: [rate_limit]}", 2, 18, "retry.retryOn", "Did you mean 'rate_limited'?")]
    [InlineData("agent: claude\ninputSchema: {type: string}", 2, 14, "inputSchema", "schema")]
    [InlineData("agent: claude\ninputSchema: {$ref: 'http://example.org/x'}", 2, 14, "inputSchema", "schema")]
    [InlineData("agent: command", 1, 8, "command", "program")]
    [InlineData("name: A/b\nagent: claude", 1, 7, "name", "lower-case")]
    [InlineData("agent: claude\nagent: claude", 2, 1, null, "Keep one")]
    [InlineData("agent: [claude", 2, 1, null, "YAML")]
    [InlineData("a: &x 1\nb: *x", 1, 4, null, "Write the value out")]
    [InlineData("agent: !!python/object x", 1, 8, null, "tag")]
    [InlineData("agent: claude\n---\nagent: claude", 2, 1, null, "one document")]
    [InlineData("", 0, 0, null, "agent: claude")]
    [InlineData("- a", 1, 1, null, "agent: claude")]
    public void A_wrong_definition_is_reported_where_it_is_wrong(string yaml, int line, int column, string? field, string remedy)
    {
        _folder.Write("broken/workflow.yaml", yaml);
        var loaded = WorkflowLoader.Load(_folder["broken"]);

        Assert.Null(loaded.Workflow);
        var problem = loaded.Problems[0];
        Assert.Equal(("broken", _folder["broken/workflow.yaml"], field), (problem.Workflow, problem.File, problem.Field));
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, yaml.Contains("[claude", StringComparison.Ordinal) ? column : problem.Column));
    }

    [Theory]
    [InlineData("disallowed_tools.json", "{}", 1)]
    [InlineData("disallowed_tools.json", "[\"A\",\n 3]", 2)]
    [InlineData("disallowed_tools.json", "[\"A\",\n]", 2)]
    [InlineData("disallowed_tools.json", "", 1)]
    [InlineData("allowed_tools.json", "[\n\n\"\"]", 3)]
    [InlineData(".mcp.json", "{\"servers\": {}}", 1)]
    [InlineData(".mcp.json", "{\"mcpServers\": {\n\"a\": 1}}", 1)]
    [InlineData("prompt.md", "Do\nthis: {{inptu.x}}", 2)]
    [InlineData("prompt.md", "Do\n\n{{input.unknown}}", 3)]
    [InlineData("prompt.md", "Do {{#each}}", 1)]
    [InlineData("system.md", "x\n{{message", 2)]
    public void A_wrong_file_beside_it_refuses_the_workflow_with_its_line(string file, string text, int line)
    {
        _folder.Write("broken/workflow.yaml", "agent: claude\ninputSchema: {type: object, additionalProperties: false, properties: {x: {type: string}}}");
        _folder.Write($"broken/{file}", text);

        var loaded = WorkflowLoader.Load(_folder["broken"]);

        Assert.Null(loaded.Workflow);
        var problem = Assert.Single(loaded.Problems);
        Assert.Equal((_folder[$"broken/{file}"], line), (problem.File, problem.Line));
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void A_deny_list_that_can_not_be_read_refuses_the_workflow()
    {
        _folder.Write("a/workflow.yaml", "agent: claude");
        Directory.CreateDirectory(_folder["a/disallowed_tools.json"]);
        var loaded = WorkflowLoader.Load(_folder["a"]);
        Assert.Null(loaded.Workflow);
        Assert.Contains("not a regular file", Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_out_of_the_directory_of_workflows_are_refused_and_links_within_are_followed()
    {
        var outside = _folder.Write("outside/secret.md", "secret");
        _folder.Write("workflows/a/workflow.yaml", "agent: claude");
        File.CreateSymbolicLink(_folder["workflows/a/prompt.md"], outside);
        Directory.CreateSymbolicLink(_folder["workflows/b"], _folder["outside"]);
        _folder.Write("workflows/.data/c/workflow.yaml", "agent: claude");
        Directory.CreateSymbolicLink(_folder["workflows/c"], _folder["workflows/.data/c"]);

        Assert.Contains("outside", Assert.Single(WorkflowLoader.Load(_folder["workflows/a"]).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("outside", Assert.Single(WorkflowLoader.Load(_folder["workflows/b"]).Problems).Message, StringComparison.Ordinal);
        Assert.NotNull(WorkflowLoader.Load(_folder["workflows/c"]).Workflow);
    }

    [Fact]
    public void Files_without_bound_without_text_or_without_end_are_refused()
    {
        foreach (var name in new[] { "large", "binary", "device" })
        {
            _folder.Write($"{name}/workflow.yaml", "agent: claude");
        }
        _folder.Write("large/prompt.md", new string('x', WorkflowFolder.FileLimit + 1));
        File.WriteAllBytes(_folder["binary/prompt.md"], [0xff, 0xfe, 0x00]);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _folder["device/prompt.md"]))
        {
            mkfifo.WaitForExit();
        }
        Assert.All(new[] { "large", "binary", "device" }, name => Assert.NotEmpty(WorkflowLoader.Load(_folder[name]).Problems));
    }

    [Fact]
    public void The_older_shape_loads_with_its_prompt_as_the_system_prompt_word_for_word()
    {
        _folder.Write("builder/config.json", """{"display_name": "Builder", "description": "Builds", "maxTurns": 40, "icon": "x", "capabilities": ["a"]}""");
        _folder.Write("builder/prompt.md", "You are {{name}} \\{{x}}.");
        _folder.Write("builder/allowed_tools.json", "[\"Read\"]");

        var workflow = WorkflowLoader.Load(_folder["builder"]).Workflow!;
        var prompt = workflow.ComposePrompt([], "Build it");

        Assert.Equal(("builder", 40), (workflow.Definition.Name, workflow.Definition.MaxTurns));
        Assert.Equal(("Build it", "You are {{name}} \\{{x}}."), (prompt.Prompt, prompt.SystemPrompt));
    }

    [Fact]
    public void All_problems_of_a_folder_are_listed_at_once()
    {
        _folder.Write("a/workflow.yaml", "agent: claude\nmaxTurns: x\nfoo: 1\nqueue: '!'\n");
        Assert.Equal(["foo", "maxTurns", "queue"], WorkflowLoader.Load(_folder["a"]).Problems.Select(problem => problem.Field).Order());
    }
}
