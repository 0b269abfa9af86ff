using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workspaces.Git;

namespace Orleans.Workflows.Workspaces;

/// <summary>Git worktrees, each on a branch of its own. Submodules and large-file filters are left alone.</summary>
internal sealed partial class WorktreeKind(IOptions<WorkspacesOptions> options, GitRunner git, RepositoryLock locks, WorkspaceStore store)
{
    private const int LongestBranch = 200;

    public async Task<WorkspaceResult> CreateAsync(WorkspaceRequest request, Workspace? halfMade, CancellationToken cancellationToken)
    {
        if (halfMade is not null)
        {
            await DiscardAsync(halfMade, cancellationToken);
        }
        var (repository, failure) = await RepositoryAsync(request.Repository, cancellationToken);
        if (failure is not null)
        {
            return failure;
        }
        var (commit, unknown) = await BaseAsync(repository!, request.BaseBranch, cancellationToken);
        if (unknown is not null)
        {
            return unknown;
        }
        var branch = request.Branch ?? $"run/{request.Workflow}/{WorkspaceRequest.ShortId(request.Run)}";
        branch = request.Attempt > 1 ? $"{branch}-{request.Attempt}" : branch;
        if (!await IsBranchNameAsync(repository!, branch, cancellationToken))
        {
            return Failure.Invalid("branch", $"'{branch}' can't be the name of a branch.", "Use letters, digits, '-', '_', '.' and '/', as git check-ref-format allows.");
        }
        var workspace = new Workspace
        {
            Run = request.Run,
            Attempt = request.Attempt,
            Kind = WorkspaceKind.Worktree,
            Directory = store.WorkDirectory(request.Run, request.Attempt),
            Repository = repository,
            BaseBranch = request.BaseBranch,
            Branch = branch,
            FirstCommit = commit,
        };
        return await AddAsync(workspace, ["-b", branch], commit!, cancellationToken);
    }

    /// <summary>Makes the worktree of a branch that is still there anew.</summary>
    public async Task<WorkspaceResult> RestoreAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(workspace.Repository) || !await BranchExistsAsync(workspace.Repository, workspace.Branch!, cancellationToken))
        {
            return Failure.Conflict("workspace_gone", $"Neither the worktree nor the branch '{workspace.Branch}' exists any more.", "Start a new run.");
        }
        return await AddAsync(workspace, [], workspace.Branch!, cancellationToken);
    }

    private async Task<WorkspaceResult> AddAsync(Workspace workspace, string[] branchArguments, string start, CancellationToken cancellationToken)
    {
        var repository = workspace.Repository!;
        var isNew = branchArguments.Length > 0;
        using (await locks.AcquireAsync(repository, options.Value.LockTimeout, cancellationToken))
        {
            if (isNew && await BranchExistsAsync(repository, workspace.Branch!, cancellationToken))
            {
                return await TakenAsync(repository, workspace.Branch!, cancellationToken);
            }
            if (isNew)
            {
                // From here on a crash leaves a branch that is ours, so what is not ready may be discarded.
                store.Write(workspace with { Ready = false });
            }
            var added = await git.RunAsync(repository, ["worktree", "add", "--force", "--quiet", "--no-checkout", .. branchArguments, workspace.Directory, start], cancellationToken);
            if (!added.Succeeded)
            {
                if (isNew)
                {
                    store.Delete(workspace);
                }
                return Failure.Conflict("worktree_failed", $"git could not add a worktree: {added.Explanation}", "See whether the repository is intact and its disk has room; a branch can't be named like a folder of others.");
            }
        }
        var directory = await git.RunAsync(workspace.Directory, ["rev-parse", "--absolute-git-dir"], cancellationToken);
        workspace = workspace with { GitDirectory = directory.Output.Trim(), Ready = true };
        var settings = await git.FilterSettingsAsync(workspace.Directory, cancellationToken, Place(workspace));
        var checkedOut = await GitAsync(workspace, ["reset", "--hard", "--quiet"], settings, cancellationToken);
        if (directory.Succeeded && checkedOut.Succeeded)
        {
            store.Write(workspace);
            return workspace;
        }
        if (isNew)
        {
            await DiscardAsync(workspace, cancellationToken);
        }
        return Failure.Conflict("worktree_failed", $"git could not check the files out: {checkedOut.Explanation}", "See whether the repository is intact and the disk has room.");
    }

    private async Task DiscardAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var repository = workspace.Repository!;
        using (await locks.AcquireAsync(repository, options.Value.LockTimeout, cancellationToken))
        {
            await git.RunAsync(repository, ["worktree", "remove", "--force", "--force", workspace.Directory], cancellationToken);
            DirectoryRemoval.Delete(workspace.Directory);
            await git.RunAsync(repository, ["worktree", "prune"], cancellationToken);
            // Nobody has worked there: update-ref deletes the branch only while it is where we put it.
            await git.RunAsync(repository, ["update-ref", "-d", $"refs/heads/{workspace.Branch}", workspace.FirstCommit!], cancellationToken);
        }
        store.Delete(workspace);
    }

    private async Task<(string? Repository, Failure? Failure)> RepositoryAsync(string? repository, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(repository))
        {
            return (null, Failure.Invalid("repository", "The workflow works in a git worktree, and the request names no repository.", "Add the absolute path of a git repository on the server."));
        }
        if (RemoteAddress().IsMatch(repository))
        {
            return (null, Failure.Invalid("repository", $"'{repository}' is the address of a remote repository; only local ones are supported.", "Clone it on the server, and give the absolute path of the clone."));
        }
        var (path, failure) = AllowedPaths.Check(repository, "repository", options.Value);
        if (failure is not null)
        {
            return (null, failure);
        }
        var found = await git.RunAsync(path!, ["rev-parse", "--path-format=absolute", "--git-common-dir"], cancellationToken);
        if (found.ExitCode == 127)
        {
            return (null, Failure.Invalid("repository", found.Error, "Install git, or name its path in Workflows:Workspaces:Git."));
        }
        return found.Succeeded
            ? AllowedPaths.Check(found.Output.TrimEnd('\n'), "repository", options.Value)
            : (null, Failure.Invalid("repository", $"'{repository}' is not a git repository.", "Give the path of a repository, or run 'git init' there and commit something."));
    }

    private async Task<(string? Commit, Failure? Failure)> BaseAsync(string repository, string? name, CancellationToken cancellationToken)
    {
        foreach (var candidate in name is null ? ["HEAD"] : name.StartsWith('-') || name.Contains('\0', StringComparison.Ordinal) ? Array.Empty<string>() : [$"refs/heads/{name}", name, $"refs/remotes/origin/{name}"])
        {
            var found = await git.RunAsync(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", candidate + "^{commit}"], cancellationToken);
            if (found.Succeeded)
            {
                return (found.Output.Trim().Split('\n')[^1], null);
            }
        }
        var branches = await git.RunAsync(repository, ["for-each-ref", "--count=10", "--sort=-committerdate", "--format=%(refname:short)", "refs/heads"], cancellationToken);
        var names = string.Join(", ", branches.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return (null, names.Length == 0
            ? Failure.Invalid("repository", "The repository has no commit to start from.", "Commit something first.")
            : Failure.Invalid("base", name is null ? "What the repository has checked out has no commit." : $"The repository knows no '{name}'.", $"Use an existing branch, tag or commit. Branches there: {names}."));
    }

    private async Task<bool> IsBranchNameAsync(string repository, string branch, CancellationToken cancellationToken)
    {
        if (branch.Length > LongestBranch || branch.StartsWith('-') || branch == "HEAD" || branch.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }
        return (await git.RunAsync(repository, ["check-ref-format", $"refs/heads/{branch}"], cancellationToken)).Succeeded;
    }

    private async Task<bool> BranchExistsAsync(string repository, string branch, CancellationToken cancellationToken) =>
        (await git.RunAsync(repository, ["show-ref", "--verify", "--quiet", $"refs/heads/{branch}"], cancellationToken)).ExitCode == 0;

    private async Task<Failure> TakenAsync(string repository, string branch, CancellationToken cancellationToken)
    {
        var alternatives = new List<string>();
        for (var number = 2; alternatives.Count < 3 && number < 100; number++)
        {
            if (!await BranchExistsAsync(repository, $"{branch}-{number}", cancellationToken))
            {
                alternatives.Add($"{branch}-{number}");
            }
        }
        return Failure.Conflict("branch_exists", $"The branch '{branch}' exists already.", $"Name another one, such as {string.Join(", ", alternatives)}; or leave it out, and the run gets one of its own.") with { Field = "branch" };
    }

    private Task<GitResult> GitAsync(Workspace workspace, string[] arguments, IReadOnlyDictionary<string, string>? settings, CancellationToken cancellationToken) =>
        git.RunAsync(workspace.Directory, arguments, cancellationToken, settings, Place(workspace));

    private static string[] Place(Workspace workspace) => [$"--git-dir={workspace.GitDirectory}", $"--work-tree={workspace.Directory}"];

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*:|[^/:]+@[^/]+:|[^/:]+\.[^/:]+:)")]
    private static partial Regex RemoteAddress();
}
