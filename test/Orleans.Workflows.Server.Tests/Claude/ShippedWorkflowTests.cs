using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Claude;

/// <summary>The workflows that we ship, as they are shipped: the real <c>claude</c> through the whole service, against a scripted model.</summary>
public sealed class ShippedWorkflowTests(ScriptedModelServer model) : IClassFixture<ScriptedModelServer>
{
    [Fact]
    public async Task Plain_asks_exactly_what_was_written_in_a_directory_of_its_own()
    {
        const string message = "Write hello.txt.\nOne line: \"hello\", and {{no}} more.";
        var script = model.Register(
            ModelStep.Calls("Bash", new { command = "echo hello > hello.txt", description = "Write hello.txt" }),
            ModelStep.Calls("WebFetch", new { url = "http://127.0.0.1:1/", prompt = "anything" }),
            ModelStep.Says("done"));
        await using var server = await StartServerAsync(script);

        var run = await RunAsync(server, new() { Workflow = "plain", Message = message });

        var asked = await script.RequestAsync(1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(message, Prompt(asked));
        Assert.True(asked.Tools.ToHashSet().IsSupersetOf(["Read", "Write", "Edit", "Bash"]), string.Join(' ', asked.Tools));
        Assert.False(await IsErrorAsync(script, 2));
        Assert.True(await IsErrorAsync(script, 3), "A tool that the workflow does not allow was run.");
        Assert.Equal(1, run.PermissionDenials);
        Assert.Equal("hello.txt", Assert.Single(run.Result!.ChangedFiles).Path);
        Assert.Equal("hello\n", await File.ReadAllTextAsync(Path.Combine(run.Result.Workspace!, "hello.txt"), TestContext.Current.CancellationToken));
        Assert.StartsWith(Path.Combine(server.StateDirectory, "workspaces"), run.Result.Workspace, StringComparison.Ordinal);
        Assert.Equal((null, null, "done"), (run.Branch, run.Result.FirstCommit, run.Result.Text));
    }

    [Fact]
    public async Task Implement_changes_the_branch_and_nothing_else()
    {
        const string task = "Add greeting.txt that says hello.";
        var script = model.Register(
            Bash("git push origin HEAD:main"),
            Bash("echo hello > greeting.txt && git add greeting.txt && git -c user.name=Agent -c user.email=agent@example.org commit -q -m 'Say hello'"),
            Bash("echo left > left.txt"),
            ModelStep.Calls("WebFetch", new { url = "http://127.0.0.1:1/", prompt = "anything" }),
            ModelStep.Says("- **Result**: done"));
        await using var server = await StartServerAsync(script);
        var repository = await GitRepository.CreateAsync(Path.Combine(server.Directory, "repository"));
        await repository.GitAsync("init", "--quiet", "--bare", Path.Combine(server.Directory, "remote"));
        await repository.GitAsync("remote", "add", "origin", Path.Combine(server.Directory, "remote"));
        await repository.GitAsync("push", "--quiet", "origin", "main");
        var main = await repository.GitAsync("rev-parse", "main");

        var run = await RunAsync(server, new()
        {
            Workflow = "implement",
            Input = JsonSerializer.SerializeToElement(new { repository = repository.Path, task, branch = "work/greeting", check = "cat greeting.txt" }),
            Message = "Be polite.",
        });

        var asked = await script.RequestAsync(1, cancellationToken: TestContext.Current.CancellationToken);
        var prompt = Prompt(asked);
        Assert.Contains($"# Task\n\n{task}\n\nBe polite.\n\n# How to check the work\n\ncat greeting.txt", prompt, StringComparison.Ordinal);
        Assert.Contains("You implement one task in a git repository.", asked.System.GetRawText(), StringComparison.Ordinal);
        Assert.True(asked.Tools.ToHashSet().IsSupersetOf(["Read", "Write", "Edit", "Bash"]), string.Join(' ', asked.Tools));
        Assert.DoesNotContain("WebFetch", asked.Tools);
        Assert.DoesNotContain("WebSearch", asked.Tools);
        Assert.True(await IsErrorAsync(script, 2), "The push was not refused.");
        Assert.False(await IsErrorAsync(script, 3));
        Assert.False(await IsErrorAsync(script, 4));
        Assert.True(await IsErrorAsync(script, 5), "WebFetch was run.");

        // What it committed, what it left, and nowhere else.
        Assert.Equal(("work/greeting", main), (run.Branch, run.Result!.FirstCommit));
        Assert.Equal(["greeting.txt", "left.txt"], run.Result.ChangedFiles.Select(file => file.Path).Order());
        Assert.Equal("hello", await repository.GitAsync("show", "work/greeting:greeting.txt"));
        Assert.Equal("left", await repository.GitAsync("show", "work/greeting:left.txt"));
        Assert.Equal("Say hello", await repository.GitAsync("log", "-1", "--format=%s", "work/greeting~1"));
        Assert.Equal(main, await repository.GitAsync("rev-parse", "main"));
        Assert.Equal("", await repository.GitAsync("status", "--porcelain"));
        Assert.Equal($"{main}\trefs/heads/main", await repository.GitAsync("ls-remote", "--heads", "origin"));
    }

    [Fact]
    public async Task Review_reads_the_change_and_writes_nothing()
    {
        var review = new { verdict = "request_changes", summary = "It drops the second line.", findings = new[] { new { severity = "major", file = "readme.txt", line = 1, title = "Lost line", explanation = "Readers miss it.", suggestion = "Keep it." } } };
        var elsewhere = Path.Combine(Path.GetTempPath(), $"ow-written-{Guid.NewGuid():N}.txt");
        var script = model.Register(
            Bash("git diff main...HEAD"),
            Bash("echo x > written-by-bash.txt"),
            ModelStep.Calls("Write", new { file_path = elsewhere, content = "x" }),
            ModelStep.Calls("StructuredOutput", review),
            ModelStep.Says("reviewed"));
        await using var server = await StartServerAsync(script);
        var repository = await GitRepository.CreateAsync(Path.Combine(server.Directory, "repository"));
        await repository.GitAsync("switch", "--quiet", "-c", "feature");
        await File.WriteAllTextAsync(Path.Combine(repository.Path, "readme.txt"), "one\n", TestContext.Current.CancellationToken);
        await repository.GitAsync("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "-am", "shorter");
        await repository.GitAsync("switch", "--quiet", "main");
        var feature = await repository.GitAsync("rev-parse", "feature");

        var run = await RunAsync(server, new()
        {
            Workflow = "review",
            Input = JsonSerializer.SerializeToElement(new { repository = repository.Path, @base = "main", head = "feature", focus = "lost lines" }),
            Message = "It is urgent.",
        });

        var asked = await script.RequestAsync(1, cancellationToken: TestContext.Current.CancellationToken);
        var prompt = Prompt(asked);
        Assert.Contains("    git diff main...HEAD\n\nLook especially at: lost lines\n\nIt is urgent.", prompt, StringComparison.Ordinal);
        Assert.Contains("You review a change as an experienced engineer", asked.System.GetRawText(), StringComparison.Ordinal);
        Assert.True(asked.Tools.ToHashSet().IsSupersetOf(["Read", "Bash", "StructuredOutput"]), string.Join(' ', asked.Tools));
        Assert.Empty(asked.Tools.Intersect(["Write", "Edit", "NotebookEdit", "WebFetch", "WebSearch"]));
        Assert.False(await IsErrorAsync(script, 2));
        Assert.Contains("-two", Result(await script.RequestAsync(2, cancellationToken: TestContext.Current.CancellationToken)).GetRawText(), StringComparison.Ordinal);
        Assert.True(await IsErrorAsync(script, 3), "A command that is not on the list was run.");
        Assert.True(await IsErrorAsync(script, 4), "A file was written.");

        Assert.Equal(JsonSerializer.Serialize(review), JsonSerializer.Serialize(JsonElement.Parse(run.Result!.StructuredOutput!)));
        Assert.Equal((feature, feature), (run.Result.FirstCommit, run.Result.LastCommit));
        Assert.Empty(run.Result.ChangedFiles);
        Assert.False(File.Exists(elsewhere));
        Assert.Equal(["readme.txt"], Directory.EnumerateFiles(run.Result.Workspace!).Select(Path.GetFileName).Where(name => name != ".git"));
        Assert.Equal("", await repository.GitAsync("status", "--porcelain"));
        Assert.Equal(feature, await repository.GitAsync("rev-parse", "feature"));
    }

    private static ModelReply Bash(string command) => ModelStep.Calls("Bash", new { command, description = "Runs a command" });

    /// <summary>Where the model is, no caller may say and no shipped workflow does: so the program that the server is told of is one that knows.</summary>
    private static async Task<WorkflowsServer> StartServerAsync(RegisteredScript script)
    {
        var directory = Directory.CreateTempSubdirectory("ow-server-").FullName;
        var key = Path.Combine(directory, "key");
        await File.WriteAllTextAsync(key, "sk-ant-invented");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var program = Path.Combine(directory, "claude");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nANTHROPIC_BASE_URL={script.BaseUrl} exec {ClaudeBinary.Path} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await WorkflowsServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Agents:Binaries:claude"] = program,
                ["Credentials:Named:claude:FromFile"] = key,
                ["Credentials:Named:claude:Variable"] = "ANTHROPIC_API_KEY",
            },
            directory: directory);
    }

    private static async Task<RunInfo> RunAsync(WorkflowsServer server, StartRunRequest request)
    {
        var run = await server.StartRunAsync(request);
        var info = await server.EndOfAsync(run.Id);
        Assert.True(info.Status == RunStatus.Completed, $"{info.Status} {info.Reason} {info.Result?.StderrTail}");
        Assert.Equal((request.Workflow, 1), (info.Workflow, info.Attempts));
        return info;
    }

    /// <summary>All texts of the first user message: the prompt, and what the agent itself puts beside it.</summary>
    private static string Prompt(ModelRequest request)
    {
        var content = request.Messages.EnumerateArray().First(message => message.GetProperty("role").GetString() == "user").GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : string.Join("\n---\n", content.EnumerateArray().Where(block => block.TryGetProperty("text", out _)).Select(block => block.GetProperty("text").GetString()));
    }

    /// <summary>Whether the tool call before the n-th request failed or was refused.</summary>
    private static async Task<bool> IsErrorAsync(RegisteredScript script, int number)
    {
        var result = Result(await script.RequestAsync(number, cancellationToken: TestContext.Current.CancellationToken));
        return result.TryGetProperty("is_error", out var error) && error.GetBoolean();
    }

    private static JsonElement Result(ModelRequest request) => request.Messages.EnumerateArray().Last(message => message.GetProperty("role").GetString() == "user")
        .GetProperty("content").EnumerateArray().Single(block => block.GetProperty("type").GetString() == "tool_result");
}
