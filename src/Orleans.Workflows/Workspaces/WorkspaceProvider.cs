using Microsoft.Extensions.Options;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces.Git;

namespace Orleans.Workflows.Workspaces;

/// <summary>
/// The workspaces of this node's runs. Every call may be repeated after a crash: a workspace is recorded before it is made
/// and again when it is ready, and a half-made one is made anew. Calls for one run wait for each other; those for many do not.
/// </summary>
public sealed class WorkspaceProvider
{
    private readonly WorkspaceStore _store;
    private readonly WorktreeKind _worktrees;
    private readonly DirectoryKind _directories;
    private readonly RunLocks _locks = new();
    private readonly TimeProvider _time;

    public WorkspaceProvider(IOptions<WorkspacesOptions> options, TimeProvider time)
    {
        var git = new GitRunner(options, time);
        _time = time;
        _store = new WorkspaceStore(options);
        _worktrees = new WorktreeKind(options, git, new RepositoryLock(time), _store);
        _directories = new DirectoryKind(options, git, _store);
    }

    /// <summary>
    /// The workspace of an attempt: the one it had before, the earlier attempt's (unless it begins anew), the continued run's,
    /// or a new one.
    /// </summary>
    public async Task<WorkspaceResult> PrepareAsync(WorkspaceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            using var held = await _locks.AcquireAsync(request.Run, cancellationToken);
            return await GetOrCreateAsync(request, cancellationToken);
        }
        catch (TimeoutException e)
        {
            return new Failure { Kind = FailureKind.Unavailable, Code = "repository_busy", Message = e.Message, Field = "repository", Retryable = true, Remedy = "Try again, or end what holds the repository." };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure { Kind = FailureKind.Unavailable, Code = "workspace_failed", Message = $"The workspace could not be made: {e.Message}", Retryable = true, Remedy = "See whether the server's disk has room and its user may write there." };
        }
    }

    /// <summary>
    /// What was done in a workspace, once its agent is proven gone. Leftovers of a worktree are committed to the run's branch;
    /// an existing directory is only looked at. From now on it counts as not used. What the machine refuses is a failure in
    /// the answer, for it may do so for ever.
    /// </summary>
    public async Task<WorkspaceChanges> FinishAsync(Workspace workspace, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        using var held = await _locks.AcquireAsync(workspace.Run, cancellationToken);
        try
        {
            var changes = workspace.Kind == WorkspaceKind.Worktree ? await _worktrees.FinishAsync(workspace, cancellationToken) : await _directories.FinishAsync(workspace, cancellationToken);
            _store.Touch(workspace, _time.GetUtcNow());
            return changes;
        }
        catch (Exception e) when (e is TimeoutException or IOException or UnauthorizedAccessException)
        {
            return new WorkspaceChanges { FirstCommit = workspace.FirstCommit, Failure = Failure.Conflict("workspace_failed", $"What was done could not be recorded: {e.Message}", "See what is wrong with the directory; its files are untouched.") };
        }
    }

    /// <summary>The run's latest workspace on this node, or null.</summary>
    public Workspace? Find(RunId run) => _store.Of(run).LastOrDefault(workspace => workspace.Ready);

    /// <summary>
    /// Removes a terminal run's workspaces. Existing directories stay. A worktree goes once its leftovers are committed; its
    /// branch stays while it has work that no other branch, tag or remote has, unless forced.
    /// </summary>
    public async Task<WorkspaceRemoval> RemoveAsync(RunId run, bool force = false, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        using var held = await _locks.AcquireAsync(run, cancellationToken);
        var removed = new List<string>();
        var kept = new List<KeptItem>();
        foreach (var workspace in _store.Of(run))
        {
            if (workspace.TakenOverBy is { } heir)
            {
                if (_store.Of(heir).Count > 0)
                {
                    kept.Add(new KeptItem(workspace.Directory, $"It is the workspace of run {heir} now."));
                }
                else if (!dryRun)
                {
                    _store.Delete(workspace);
                }
                continue;
            }
            try
            {
                var isGone = workspace.Kind == WorkspaceKind.Worktree
                    ? await _worktrees.RemoveAsync(workspace, force, dryRun, removed, kept, cancellationToken)
                    : DirectoryKind.Remove(workspace, dryRun, removed, kept);
                if (isGone && !dryRun)
                {
                    _store.Delete(workspace);
                }
            }
            catch (Exception e) when (e is TimeoutException or IOException or UnauthorizedAccessException)
            {
                kept.Add(new KeptItem(workspace.Directory, e.Message));
            }
        }
        if (!dryRun)
        {
            _store.Sweep(run);
        }

        return new WorkspaceRemoval { Run = run, Removed = removed, Kept = kept, DryRun = dryRun };
    }

    /// <summary>Removes what the request selects, of runs that <paramref name="isOver"/> says nothing needs any more, and of no others. Cancellation stops between two runs.</summary>
    public async Task<IReadOnlyList<WorkspaceRemoval>> CleanupAsync(CleanupRequest request, Func<RunId, ValueTask<bool>> isOver, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(isOver);
        var results = new List<WorkspaceRemoval>();
        var now = _time.GetUtcNow();
        foreach (var run in _store.Runs().Where(run => (request.Run is not { } only || run == only) && (request.OlderThan is not { } age || now - _store.LastUsed(run) >= age)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            // A removal that has begun is brought to its end: one that was cut off leaves git's locks in the user's repository.
            results.Add(await isOver(run)
                ? await RemoveAsync(run, request.Force, request.DryRun, CancellationToken.None)
                : new WorkspaceRemoval { Run = run, DryRun = request.DryRun, Kept = [new KeptItem(_store.RunDirectory(run), "The run, or one that continues it, is not over.")] });
        }
        return results;
    }

    private async Task<WorkspaceResult> GetOrCreateAsync(WorkspaceRequest request, CancellationToken cancellationToken)
    {
        var mine = _store.Of(request.Run);
        var earlier = mine.LastOrDefault(workspace => workspace.Attempt <= request.Attempt && workspace.Ready && workspace.TakenOverBy is null);
        if (earlier is not null && (earlier.Attempt == request.Attempt || !request.Fresh))
        {
            return await ReviveAsync(earlier, cancellationToken);
        }
        if (request.ContinuationOf is { } before && mine.Count == 0)
        {
            return await TakeOverAsync(request, before, cancellationToken);
        }
        return request.Kind == WorkspaceKind.Worktree
            ? await _worktrees.CreateAsync(request, mine.FirstOrDefault(workspace => workspace.Attempt == request.Attempt), cancellationToken)
            : await _directories.CreateAsync(request, cancellationToken);
    }

    private async Task<WorkspaceResult> TakeOverAsync(WorkspaceRequest request, RunId before, CancellationToken cancellationToken)
    {
        var source = FindHeld(before, request.Run);
        // A clean-up of the earlier run may be at it. Its lock is taken while ours is held, and never the other way round.
        using var held = source is null ? null : await _locks.AcquireAsync(source.Run, cancellationToken);
        source = source is null ? null : Find(source.Run);
        if (source is null || (source.TakenOverBy is { } other && other != request.Run))
        {
            return Failure.Conflict("workspace_gone", $"The workspace of run {before} is not on this node any more.", "Start a new run.");
        }
        var revived = await ReviveAsync(source with { TakenOverBy = null }, cancellationToken);
        if (revived.Workspace is not { } workspace)
        {
            return revived;
        }
        // The old record first: should a crash come between, this call comes again and finds itself named there.
        _store.Write(source with { TakenOverBy = request.Run });
        var own = workspace with { Run = request.Run, Attempt = request.Attempt, FirstCommit = await _directories.HeadAsync(workspace, cancellationToken) ?? workspace.FirstCommit };
        _store.Write(own);
        return own;
    }

    /// <summary>Where the workspace of <paramref name="before"/> is now: with the last that took it over, if that is not <paramref name="heir"/> itself.</summary>
    private Workspace? FindHeld(RunId before, RunId heir)
    {
        var source = Find(before);
        for (var hops = 0; source?.TakenOverBy is { } next && next != heir && hops < 1_000; hops++)
        {
            source = Find(next);
        }
        return source;
    }

    private async Task<WorkspaceResult> ReviveAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        if (Directory.Exists(workspace.Directory))
        {
            return workspace;
        }
        return workspace.Kind == WorkspaceKind.Worktree
            ? await _worktrees.RestoreAsync(workspace, cancellationToken)
            : Failure.Conflict("workspace_gone", $"The directory {workspace.Directory} does not exist any more.", "Start a new run.");
    }
}
