using Microsoft.Extensions.Options;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

/// <summary>Somebody took away, or holds, what a workspace stands on.</summary>
public sealed class LostWorkspaceTests : IDisposable
{
    private readonly RepositoryFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_worktree_whose_repository_is_gone_goes_only_by_force()
    {
        var workspace = await _fixture.PrepareAsync();
        Directory.Delete(_fixture.Repository, recursive: true);

        var kept = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Contains("its work is nowhere else", Assert.Single(kept.Kept).Reason, StringComparison.Ordinal);
        Assert.Equal([workspace.Directory], (await _fixture.Provider.RemoveAsync(workspace.Run, force: true, dryRun: true, cancellationToken: Token)).Removed);
        Assert.True(Directory.Exists(workspace.Directory));

        Assert.Equal([workspace.Directory], (await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token)).Removed);
        Assert.False(Directory.Exists(workspace.Directory));
        Assert.Null(_fixture.Provider.Find(workspace.Run));
    }

    [Fact]
    public async Task A_record_of_nothing_goes()
    {
        var workspace = await _fixture.PrepareAsync();
        Directory.Delete(_fixture.Repository, recursive: true);
        Directory.Delete(workspace.Directory, recursive: true);
        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Empty(removal.Kept);
        Assert.Null(_fixture.Provider.Find(workspace.Run));
    }

    [Fact]
    public async Task What_a_crash_left_half_made_is_discarded_with_its_branch()
    {
        var workspace = await _fixture.PrepareAsync();
        var record = workspace.Directory + ".json";
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record, Token)).Replace("\"ready\": true", "\"ready\": false", StringComparison.Ordinal), Token);

        Assert.Equal([workspace.Directory], (await _fixture.Provider.RemoveAsync(workspace.Run, dryRun: true, cancellationToken: Token)).Removed);
        Assert.True(_fixture.HasBranch(workspace.Branch!));
        await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);

        Assert.False(Directory.Exists(workspace.Directory) || File.Exists(record) || _fixture.HasBranch(workspace.Branch!));
    }

    [Fact]
    public async Task A_workspace_without_directory_and_branch_can_not_be_gone_on_with()
    {
        var request = _fixture.Request();
        var workspace = await _fixture.PrepareAsync(request);
        Directory.Delete(workspace.Directory, recursive: true);
        _fixture.Git(_fixture.Repository, "worktree", "prune");
        _fixture.Git(_fixture.Repository, "branch", "-D", workspace.Branch!);

        var own = (await _fixture.Provider.PrepareAsync(request, Token)).Failure;
        var heirs = (await _fixture.Provider.PrepareAsync(_fixture.Request() with { ContinuationOf = workspace.Run }, Token)).Failure;
        var strangers = (await _fixture.Provider.PrepareAsync(_fixture.Request() with { ContinuationOf = RunId.New(TimeProvider.System) }, Token)).Failure;

        Assert.All([own, heirs, strangers], failure => Assert.Equal(("workspace_gone", "Start a new run."), (failure?.Code, failure?.Remedy)));
        Assert.Contains("is not on this node any more", strangers!.Message, StringComparison.Ordinal);
        Assert.Equal("workspace_gone", (await _fixture.Provider.FinishAsync(workspace, Token)).Failure?.Code);
        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Empty(removal.Kept);
        Assert.Null(_fixture.Provider.Find(workspace.Run));
    }

    [Fact]
    public async Task A_continuation_of_the_first_of_a_chain_goes_on_where_the_last_stopped()
    {
        var first = await _fixture.PrepareAsync();
        var second = await _fixture.PrepareAsync(_fixture.Request() with { ContinuationOf = first.Run });
        var third = await _fixture.PrepareAsync(_fixture.Request() with { ContinuationOf = first.Run });
        Assert.Equal((first.Directory, third.Run), (third.Directory, _fixture.Provider.Find(second.Run)?.TakenOverBy));
    }

    [Fact]
    public async Task A_temporary_directory_that_is_gone_is_told()
    {
        var request = _fixture.Request() with { Kind = WorkspaceKind.Temporary };
        var workspace = await _fixture.PrepareAsync(request);
        Directory.Delete(workspace.Directory);
        Assert.Contains(workspace.Directory, (await _fixture.Provider.PrepareAsync(request, Token)).Failure?.Message, StringComparison.Ordinal);
        Assert.Equal("workspace_gone", (await _fixture.Provider.FinishAsync(workspace, Token)).Failure?.Code);
    }

    [Fact]
    public async Task A_repository_that_others_hold_is_busy_until_they_let_go()
    {
        var workspace = await _fixture.PrepareAsync();
        _fixture.Options.LockTimeout = TimeSpan.FromMilliseconds(60);
        await using (new FileStream(Path.Combine(_fixture.Repository, ".git/orleans-workflows.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var failure = (await _fixture.Provider.PrepareAsync(_fixture.Request(), Token)).Failure!;
            Assert.Equal(("repository_busy", true), (failure.Code, failure.Retryable));
            Assert.Contains("was being changed by others for 00:00:00.06", failure.Message, StringComparison.Ordinal);
        }
        _fixture.Options.LockTimeout = TimeSpan.FromMinutes(1);
        Assert.Equal([workspace.Directory, workspace.Branch!], (await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token)).Removed);
    }

    [Theory]
    [InlineData(WorkspaceKind.Worktree, "repository")]
    [InlineData(WorkspaceKind.Directory, "path")]
    public async Task A_request_that_names_no_place_is_told_what_to_add(WorkspaceKind kind, string field)
    {
        var failure = (await _fixture.Provider.PrepareAsync(_fixture.Request() with { Kind = kind, Repository = null, Path = null }, Token)).Failure!;
        Assert.Equal(field, failure.Field);
        Assert.Contains("Add the absolute path", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_of_git_nothing_is_compared()
    {
        var plain = Directory.CreateDirectory(Path.Combine(_fixture.Root, "plain")).FullName;
        var workspace = await _fixture.PrepareAsync(_fixture.Request() with { Kind = WorkspaceKind.Directory, Path = plain });
        await File.WriteAllTextAsync(Path.Combine(plain, "x"), "x", Token);
        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Equal((null, null, 0), (changes.Failure, changes.FirstCommit, changes.ChangedFilesTotal));
    }

    [Fact]
    public async Task A_record_that_is_not_ours_and_a_run_without_any_are_passed_over()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(_fixture.Options.Directory, workspace.Run.ToString(), "9.json"), "{", Token);
        Assert.Equal(workspace, _fixture.Provider.Find(workspace.Run));
        Assert.Null(new WorkspaceStore(Options.Create(_fixture.Options)).LastUsed(RunId.New(TimeProvider.System)));
    }

    [Fact]
    public async Task Who_stops_waiting_for_a_run_leaves_it_to_the_next()
    {
        var locks = new RunLocks();
        var run = RunId.New(TimeProvider.System);
        var held = await locks.AcquireAsync(run, Token);
        using var impatient = new CancellationTokenSource();
        var waiting = locks.AcquireAsync(run, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = locks.AcquireAsync(run, Token);
        Assert.False(next.IsCompleted);
        held.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public void Removal_takes_a_link_itself_what_is_unwritable_and_nothing_where_nothing_is()
    {
        var target = Directory.CreateDirectory(Path.Combine(_fixture.Root, "target")).FullName;
        File.WriteAllText(Path.Combine(target, "x"), "x");
        var link = Path.Combine(_fixture.Root, "link");
        Directory.CreateSymbolicLink(link, target);
        DirectoryRemoval.Delete(link);
        Assert.True(File.Exists(Path.Combine(target, "x")) && !Path.Exists(link));

        var inner = Directory.CreateDirectory(Path.Combine(target, "inner")).FullName;
        File.WriteAllText(Path.Combine(inner, "y"), "y");
        File.SetUnixFileMode(inner, UnixFileMode.UserRead);
        DirectoryRemoval.Delete(target);
        Assert.False(Path.Exists(target));
        DirectoryRemoval.Delete(target);
    }
}
