namespace Orleans.Workflows.Workspaces;

internal sealed partial class WorktreeKind
{
    /// <summary>Whether the worktree is gone, so that its record may go too.</summary>
    public async Task<bool> RemoveAsync(Workspace workspace, bool force, bool dryRun, List<string> removed, List<KeptItem> kept, CancellationToken cancellationToken)
    {
        var repository = workspace.Repository!;
        if (!Directory.Exists(repository))
        {
            return RemoveOrphan(workspace, force, dryRun, removed, kept);
        }
        if (!workspace.Ready)
        {
            if (!dryRun)
            {
                await DiscardAsync(workspace, cancellationToken);
            }
            removed.Add(workspace.Directory);
            return true;
        }
        var branch = workspace.Branch!;
        if (Directory.Exists(workspace.Directory))
        {
            var (obstacle, hasLeftovers, current) = dryRun ? await LookAsync(workspace, cancellationToken) : await SecureAsync(workspace, cancellationToken);
            if (obstacle is not null && !force)
            {
                kept.Add(new KeptItem(workspace.Directory, obstacle));
                return false;
            }
            if (!dryRun)
            {
                await RemoveWorktreeAsync(workspace, cancellationToken);
            }
            removed.Add(workspace.Directory);
            if (current is not null && current != branch)
            {
                kept.Add(new KeptItem(current, "The agent's last commit is on this branch."));
            }
            if (hasLeftovers && dryRun && !force)
            {
                kept.Add(new KeptItem(branch, "Uncommitted work would be committed to it first."));
                return true;
            }
        }
        await RemoveBranchAsync(workspace, force, dryRun, removed, kept, cancellationToken);
        return true;
    }

    private static bool RemoveOrphan(Workspace workspace, bool force, bool dryRun, List<string> removed, List<KeptItem> kept)
    {
        if (!Directory.Exists(workspace.Directory))
        {
            return true;
        }
        if (!force)
        {
            kept.Add(new KeptItem(workspace.Directory, $"Its repository {workspace.Repository} does not exist any more, so its work is nowhere else."));
            return false;
        }
        if (!dryRun)
        {
            DirectoryRemoval.Delete(workspace.Directory);
        }
        removed.Add(workspace.Directory);
        return true;
    }

    private async Task<(string? Obstacle, bool HasLeftovers, string? Current)> SecureAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        WorkspaceChanges changes;
        try
        {
            changes = await FinishAsync(workspace, cancellationToken);
        }
        catch (IOException e)
        {
            return (e.Message, false, null);
        }
        return (changes.Failure?.Message ?? (changes.Warnings.Count > 0 ? changes.Warnings[0] : null), changes.LeftoversCommitted, changes.Branch);
    }

    private async Task<(string? Obstacle, bool HasLeftovers, string? Current)> LookAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> settings;
        try
        {
            settings = await git.FilterSettingsAsync(workspace.Directory, cancellationToken, Place(workspace));
        }
        catch (IOException e)
        {
            return (e.Message, false, null);
        }
        var status = await GitAsync(workspace, Status, settings, cancellationToken);
        return (status.Succeeded ? null : status.Explanation, status.Output.Length > 0, null);
    }

    private async Task RemoveWorktreeAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        using (await locks.AcquireAsync(workspace.Repository!, options.Value.LockTimeout, cancellationToken))
        {
            await git.RunAsync(workspace.Repository!, ["worktree", "remove", "--force", "--force", workspace.Directory], cancellationToken);
            // git stops at what the agent made unwritable, and at a .git file that it changed.
            DirectoryRemoval.Delete(workspace.Directory);
            await git.RunAsync(workspace.Repository!, ["worktree", "prune"], cancellationToken);
        }
    }

    private async Task RemoveBranchAsync(Workspace workspace, bool force, bool dryRun, List<string> removed, List<KeptItem> kept, CancellationToken cancellationToken)
    {
        var repository = workspace.Repository!;
        var reference = $"refs/heads/{workspace.Branch}";
        var tip = await git.RunAsync(repository, ["rev-parse", "--verify", "--quiet", reference], cancellationToken);
        if (!tip.Succeeded)
        {
            return;
        }
        var commit = tip.Output.Trim();
        if (!force)
        {
            var holders = await git.RunAsync(repository, ["for-each-ref", "--contains", commit, "--format=%(refname)", "refs/heads", "refs/remotes", "refs/tags"], cancellationToken);
            if (!holders.Succeeded || !holders.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Any(name => name != reference))
            {
                var count = await git.RunAsync(repository, ["rev-list", "--count", commit, $"^{workspace.FirstCommit}", "--"], cancellationToken);
                kept.Add(new KeptItem(workspace.Branch!, $"It has {(count.Succeeded ? count.Output.Trim() : "some")} commits that are neither merged nor pushed."));
                return;
            }
        }
        if (!dryRun)
        {
            using var held = await locks.AcquireAsync(repository, options.Value.LockTimeout, cancellationToken);
            // Only while it is where we looked: a commit that came since would be lost.
            var deleted = await git.RunAsync(repository, ["update-ref", "-d", reference, commit], cancellationToken);
            if (!deleted.Succeeded)
            {
                kept.Add(new KeptItem(workspace.Branch!, $"git could not delete it: {deleted.Explanation}"));
                return;
            }
        }
        removed.Add(workspace.Branch!);
    }
}
