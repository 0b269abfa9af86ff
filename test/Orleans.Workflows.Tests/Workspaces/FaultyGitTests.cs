using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

/// <summary>Whatever git refuses: nothing is lost, and the answer says what to do.</summary>
public sealed class FaultyGitTests : IDisposable
{
    private readonly RepositoryFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData("worktree add", "could not add a worktree")]
    [InlineData("reset --hard", "could not check the files out")]
    public async Task A_worktree_that_can_not_be_made_leaves_nothing_behind(string command, string message)
    {
        var request = _fixture.Request("feature");
        FaultyGit.Install(_fixture, command);

        var failure = (await _fixture.Provider.PrepareAsync(request, Token)).Failure!;

        Assert.Equal("worktree_failed", failure.Code);
        Assert.Contains($"{message}: fatal: the disk is broken", failure.Message, StringComparison.Ordinal);
        Assert.Contains("disk", failure.Remedy, StringComparison.Ordinal);
        Assert.False(_fixture.HasBranch("feature"));
        _fixture.Options.Git = "git";
        Assert.Equal("feature", (await _fixture.PrepareAsync(_fixture.Request("feature"))).Branch);
    }

    [Fact]
    public async Task A_lock_of_another_git_is_waited_for()
    {
        FaultyGit.Install(_fixture, "worktree add", times: 2, error: "fatal: Unable to create '/r/.git/index.lock': File exists.");
        Assert.True(Directory.Exists((await _fixture.PrepareAsync()).Directory));
    }

    [Fact]
    public async Task A_git_that_is_not_there_is_told_with_its_setting()
    {
        _fixture.Options.Git = Path.Combine(_fixture.Root, "no-git");
        var failure = (await _fixture.Provider.PrepareAsync(_fixture.Request(), Token)).Failure!;
        Assert.Equal("repository", failure.Field);
        Assert.Contains("no-git' can't be started", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Workflows:Workspaces:Git", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_that_can_not_be_listed_keep_the_files_from_being_touched()
    {
        FaultyGit.Install(_fixture, "config --name-only");
        var failure = (await _fixture.Provider.PrepareAsync(_fixture.Request(), Token)).Failure!;
        Assert.Equal(("workspace_failed", true), (failure.Code, failure.Retryable));
        Assert.Contains("could not list the repository's filters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_git_can_not_look_at_stays_and_so_does_its_directory()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);
        FaultyGit.Install(_fixture, "status");

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);

        Assert.Equal(("git_failed", workspace.FirstCommit), (changes.Failure?.Code, changes.FirstCommit));
        Assert.Contains("nothing of it was touched", changes.Failure?.Remedy, StringComparison.Ordinal);
        Assert.Equal(workspace.Directory, Assert.Single(removal.Kept).Item);
        Assert.True(File.Exists(Path.Combine(workspace.Directory, "work.txt")));
        Assert.Contains("disk is broken", Assert.Single((await _fixture.Provider.RemoveAsync(workspace.Run, dryRun: true, cancellationToken: Token)).Kept).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leftovers_that_git_can_not_commit_stay_where_they_are()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);
        FaultyGit.Install(_fixture, "commit --quiet");

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);

        Assert.Contains("could not commit the leftovers: fatal: the disk is broken", changes.Failure?.Message, StringComparison.Ordinal);
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), Token));
    }

    [Fact]
    public async Task Changes_that_git_can_not_list_are_a_warning_and_the_work_counts()
    {
        var workspace = await _fixture.PrepareAsync();
        FaultyGit.Install(_fixture, "diff");
        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Null(changes.Failure);
        Assert.Contains("could not list the changes: fatal: the disk is broken", Assert.Single(changes.Warnings), StringComparison.Ordinal);
        Assert.Equal(workspace.FirstCommit, changes.LastCommit);
    }

    [Fact]
    public async Task A_branch_that_git_can_not_delete_is_listed_as_kept()
    {
        var workspace = await _fixture.PrepareAsync();
        FaultyGit.Install(_fixture, "update-ref");
        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Equal([workspace.Directory], removal.Removed);
        Assert.Equal((workspace.Branch, "git could not delete it: fatal: the disk is broken"), (removal.Kept[0].Item, removal.Kept[0].Reason));
        Assert.True(_fixture.HasBranch(workspace.Branch!));
    }

    [Fact]
    public async Task Work_that_no_branch_can_keep_is_named_by_its_commit()
    {
        var workspace = await _fixture.PrepareAsync();
        _fixture.Git(workspace.Directory, "checkout", "--quiet", "--detach");
        _fixture.Git(workspace.Directory, "commit", "--quiet", "--allow-empty", "-m", "detached");
        FaultyGit.Install(_fixture, "branch --no-track");

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);

        Assert.Equal((null, _fixture.Git(workspace.Directory, "rev-parse", "HEAD")), (changes.Branch, changes.LastCommit));
    }

    [Fact]
    public async Task A_look_at_what_would_go_says_what_keeps_it()
    {
        var workspace = await _fixture.PrepareAsync();
        FaultyGit.Install(_fixture, "config --name-only");
        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, dryRun: true, cancellationToken: Token);
        Assert.Empty(removal.Removed);
        Assert.Contains("could not list the repository's filters", Assert.Single(removal.Kept).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_existing_directory_that_git_can_not_compare_is_a_failure()
    {
        var workspace = await _fixture.PrepareAsync(_fixture.Request() with { Kind = WorkspaceKind.Directory, Path = _fixture.Repository });
        FaultyGit.Install(_fixture, "ls-files");
        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Contains("could not compare the directory: fatal: the disk is broken", changes.Failure?.Message, StringComparison.Ordinal);
    }
}
