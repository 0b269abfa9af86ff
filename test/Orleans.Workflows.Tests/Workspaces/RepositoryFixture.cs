using System.Diagnostics;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

/// <summary>A real repository with one commit on main, and a provider whose state stands beside it.</summary>
internal sealed class RepositoryFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RepositoryFixture()
    {
        Options = new WorkspacesOptions { Directory = _folder["state/workspaces"] };
        Directory.CreateDirectory(Options.Directory);
        Directory.CreateDirectory(Repository);
        Git(Repository, "init", "--quiet", "--initial-branch=main");
        File.WriteAllText(Path.Combine(Repository, "readme.txt"), "one\ntwo\n");
        Git(Repository, "add", "-A");
        Git(Repository, "commit", "--quiet", "-m", "first");
        Provider = NewProvider();
    }

    public string Root => _folder.Path;

    public string Repository => _folder["repository"];

    public WorkspacesOptions Options { get; }

    public WorkspaceProvider Provider { get; }

    public WorkspaceProvider NewProvider(TimeProvider? time = null) => new(Microsoft.Extensions.Options.Options.Create(Options), time ?? TimeProvider.System);

    public WorkspaceRequest Request(string? branch = null, RunId? run = null) =>
        new() { Run = run ?? RunId.New(TimeProvider.System), Attempt = 1, Workflow = "implement", Kind = WorkspaceKind.Worktree, Repository = Repository, Branch = branch };

    public async Task<Workspace> PrepareAsync(WorkspaceRequest? request = null)
    {
        var result = await Provider.PrepareAsync(request ?? Request(), TestContext.Current.CancellationToken);
        Assert.Null(result.Failure);
        return result.Workspace!;
    }

    public string Git(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@example.org", .. arguments]) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {error.Result}");
        return output.Trim();
    }

    public bool HasBranch(string branch) => Git(Repository, "branch", "--list", branch).Length > 0;

    public void Dispose() => _folder.Dispose();
}
