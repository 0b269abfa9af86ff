using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Servers;

namespace Orleans.Workflows.Server.Tests.Workspaces;

/// <summary>Runs in git worktrees, through the whole server.</summary>
public sealed class WorktreeRunTests
{
    private const string Workflow = """
        agent: command
        command: [/bin/sh, -c, "cat > task.txt; echo done"]
        workspace:
          kind: worktree
          repository: "{{input.repository}}"
        inputSchema:
          type: object
          required: [repository, task]
          additionalProperties: false
          properties:
            repository: { type: string, minLength: 1 }
            task: { type: string }
        """;

    [Fact]
    public async Task What_an_agent_leaves_uncommitted_is_on_the_run_s_branch_and_outlives_the_worktree()
    {
        await using var server = await WorkflowsServer.StartAsync();
        var repository = await GitRepository.CreateAsync(Path.Combine(server.Directory, "repository"));
        var started = await server.StartRunAsync(new() { Agent = "command", Command = ["/bin/sh", "-c", "echo new > new.txt; echo three >> readme.txt"], Repository = repository.Path, Branch = "work/one" });

        var run = await server.EndOfAsync(started.Id);

        Assert.Equal((RunStatus.Completed, "work/one"), (run.Status, run.Branch));
        var result = run.Result!;
        Assert.Equal(await repository.GitAsync("rev-parse", "main"), result.FirstCommit);
        Assert.Equal(await repository.GitAsync("rev-parse", "work/one"), result.LastCommit);
        Assert.NotEqual(result.FirstCommit, result.LastCommit);
        Assert.Equal(["new.txt", "readme.txt"], result.ChangedFiles.Select(file => file.Path).Order());
        Assert.Equal("new", await repository.GitAsync("show", "work/one:new.txt"));
        Assert.True(File.Exists(Path.Combine(result.Workspace!, "new.txt")));

        // Something that came after the run's end is work too.
        await File.WriteAllTextAsync(Path.Combine(result.Workspace!, "late.txt"), "late\n", TestContext.Current.CancellationToken);
        var cleaned = await server.Http.PostAsJsonAsync("/api/v1/cleanup", new { run = run.Id.ToString(), dryRun = false }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, cleaned.StatusCode);
        Assert.False(Directory.Exists(result.Workspace));
        Assert.Equal("late", await repository.GitAsync("show", "work/one:late.txt"));
        Assert.Equal("first", await repository.GitAsync("log", "-1", "--format=%s", "main"));
    }

    [Fact]
    public async Task Ten_at_once_on_one_repository_each_get_a_branch_of_their_own()
    {
        var directory = Directory.CreateTempSubdirectory("ow-server-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(directory, "workflows", "write")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "workflow.yaml"), Workflow, TestContext.Current.CancellationToken);
        await using var server = await WorkflowsServer.StartAsync(new Dictionary<string, string> { ["Workflows:Directories:0"] = Path.Combine(directory, "workflows"), ["Execution:Slots"] = "10" }, directory: directory);
        var repository = await GitRepository.CreateAsync(Path.Combine(server.Directory, "repository"));

        var started = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => StartAsync(server, repository.Path, number)));
        var ended = await Task.WhenAll(started.Select(run => server.EndOfAsync(run)));

        Assert.All(ended, run => Assert.Equal((RunStatus.Completed, "task.txt"), (run.Status, Assert.Single(run.Result!.ChangedFiles).Path)));
        Assert.Equal(10, ended.Select(run => run.Branch).Distinct().Count());
        for (var number = 0; number < ended.Length; number++)
        {
            Assert.Equal($"task {number}", await repository.GitAsync("show", $"{ended[number].Branch}:task.txt"));
        }
    }

    /// <summary>The repository stands beside the input, whose schema requires it.</summary>
    private static async Task<RunId> StartAsync(WorkflowsServer server, string repository, int number)
    {
        var response = await server.Http.PostAsJsonAsync("/api/v1/runs", new { workflow = "write", repository, input = new { task = "any" }, message = $"task {number}" });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        return RunId.Parse(JsonElement.Parse(body).GetProperty("id").GetString()!);
    }
}
