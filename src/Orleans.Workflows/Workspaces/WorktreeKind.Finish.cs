using Orleans.Workflows.Failures;
using Orleans.Workflows.Workspaces.Git;

namespace Orleans.Workflows.Workspaces;

internal sealed partial class WorktreeKind
{
    private static readonly string[] Status = ["status", "--porcelain=v1", "-z", "--untracked-files=normal", "--ignore-submodules=dirty", "--no-renames"];

    public async Task<WorkspaceChanges> FinishAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(workspace.Directory) || !Directory.Exists(workspace.GitDirectory))
        {
            return new WorkspaceChanges { FirstCommit = workspace.FirstCommit, Failure = Failure.Conflict("workspace_gone", $"The worktree {workspace.Directory} or its repository does not exist any more.") };
        }
        var settings = await git.FilterSettingsAsync(workspace.Directory, cancellationToken, Place(workspace));
        // The agent's tree is gone, so nobody holds these any more.
        foreach (var stale in Directory.EnumerateFiles(workspace.GitDirectory, "*.lock"))
        {
            File.Delete(stale);
        }
        var warnings = new List<string>();
        var (committed, failure) = await CommitLeftoversAsync(workspace, settings, warnings, cancellationToken);
        if (failure is not null)
        {
            return new WorkspaceChanges { FirstCommit = workspace.FirstCommit, Failure = failure };
        }
        var head = (await GitAsync(workspace, ["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], null, cancellationToken)).Output.Trim();
        var branch = await KeepReachableAsync(workspace, head, cancellationToken);
        var compared = await GitAsync(workspace, [.. GitChanges.Arguments, workspace.FirstCommit!, head, "--"], settings, cancellationToken);
        if (!compared.Succeeded)
        {
            warnings.Add($"git could not list the changes: {compared.Explanation}");
        }
        var files = compared.Succeeded ? GitChanges.Parse(compared.Output) : [];
        return new WorkspaceChanges
        {
            FirstCommit = workspace.FirstCommit,
            LastCommit = head,
            Branch = branch,
            ChangedFiles = [.. files.Take(options.Value.ChangedFilesLimit)],
            ChangedFilesTotal = files.Count,
            LeftoversCommitted = committed,
            Warnings = warnings,
        };
    }

    private async Task<(bool Committed, Failure? Failure)> CommitLeftoversAsync(Workspace workspace, IReadOnlyDictionary<string, string> settings, List<string> warnings, CancellationToken cancellationToken)
    {
        var status = await GitAsync(workspace, Status, settings, cancellationToken);
        if (!status.Succeeded)
        {
            return (false, Failure.Conflict("git_failed", $"git could not look for uncommitted work: {status.Explanation}", "See what is wrong with the worktree; nothing of it was touched."));
        }
        if (status.Output.Length == 0)
        {
            return (false, null);
        }
        var added = await GitAsync(workspace, ["add", "--all", "--ignore-errors", "--", ":/"], settings, cancellationToken);
        var staged = await GitAsync(workspace, ["diff", "--cached", "--no-ext-diff", "--no-textconv", "--raw", "--no-renames", "-z", "--"], settings, cancellationToken);
        var nested = NestedRepositories(staged.Output);
        if (nested.Count > 0)
        {
            // A commit would only name their commits, and their files would be lost with the directory.
            warnings.Add($"Repositories inside the worktree are not part of its branch: {string.Join(", ", nested)}.");
            await GitAsync(workspace, ["rm", "--cached", "--quiet", "-f", "--", .. nested.Select(path => $":(top,literal){path}")], settings, cancellationToken);
        }
        if (!added.Succeeded)
        {
            warnings.Add($"Not all leftovers could be added: {added.Explanation}");
        }
        var withIdentity = new Dictionary<string, string>(settings) { ["user.name"] = options.Value.AuthorName, ["user.email"] = options.Value.AuthorEmail };
        var commit = await GitAsync(workspace, ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--no-status", "-m", $"Leftovers of run {workspace.Run}", "-m", "Committed by the server: the agent ended without committing this."], withIdentity, cancellationToken);
        if (commit.Succeeded)
        {
            return (true, null);
        }
        // Nothing staged is no error: what there was could not be added, and a warning says so.
        var isNothing = (await GitAsync(workspace, ["diff", "--cached", "--quiet", "--no-ext-diff", "--"], settings, cancellationToken)).ExitCode == 0;
        return isNothing ? (false, null) : (false, Failure.Conflict("git_failed", $"git could not commit the leftovers: {commit.Explanation}", "See what is wrong with the worktree; its files are untouched."));
    }

    // An agent may have left the run's branch. What no branch holds would be collected by git some day.
    private async Task<string?> KeepReachableAsync(Workspace workspace, string head, CancellationToken cancellationToken)
    {
        var current = await GitAsync(workspace, ["symbolic-ref", "--quiet", "--short", "HEAD"], null, cancellationToken);
        if (current.Succeeded)
        {
            return current.Output.Trim();
        }
        var holder = await GitAsync(workspace, ["for-each-ref", "--count=1", "--contains", head, "--format=%(refname:short)", "refs/heads"], null, cancellationToken);
        if (holder.Output.Trim() is { Length: > 0 } name)
        {
            return name;
        }
        for (var number = 1; number < 100; number++)
        {
            var kept = $"{workspace.Branch}-detached" + (number == 1 ? "" : $"-{number}");
            if ((await GitAsync(workspace, ["branch", "--no-track", kept, head], null, cancellationToken)).Succeeded)
            {
                return kept;
            }
        }
        return null;
    }

    // Raw entries of a repository in a repository have the mode 160000: ":000000 160000 0000000 1234567 A␀path␀".
    private static List<string> NestedRepositories(string raw)
    {
        var parts = raw.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.Zip(parts.Skip(1)).Where(pair => pair.First.StartsWith(":000000 160000 ", StringComparison.Ordinal)).Select(pair => pair.Second)];
    }
}
