using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

public sealed class WorktreeTests : IDisposable
{
    private readonly RepositoryFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_run_works_in_a_worktree_on_a_new_branch_of_its_own()
    {
        var request = _fixture.Request();
        var workspace = await _fixture.PrepareAsync(request);

        Assert.Equal($"run/implement/{WorkspaceRequest.ShortId(request.Run)}", workspace.Branch);
        Assert.Equal(workspace.Branch, _fixture.Git(workspace.Directory, "branch", "--show-current"));
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Path.Combine(workspace.Directory, "readme.txt"), Token));
        Assert.Equal(_fixture.Git(_fixture.Repository, "rev-parse", "main"), workspace.FirstCommit);
        Assert.Equal("", _fixture.Git(workspace.Directory, "status", "--porcelain"));
    }

    [Fact]
    public async Task Preparing_again_gives_the_same_workspace_even_in_another_process()
    {
        var request = _fixture.Request();
        var first = await _fixture.PrepareAsync(request);
        var second = await _fixture.NewProvider().PrepareAsync(request, Token);
        var retried = await _fixture.Provider.PrepareAsync(request with { Attempt = 2 }, Token);

        Assert.Equal(first, second.Workspace);
        Assert.Equal(first, retried.Workspace);
    }

    [Fact]
    public async Task A_fresh_attempt_gets_another_worktree_and_leaves_the_old_one()
    {
        var request = _fixture.Request();
        var first = await _fixture.PrepareAsync(request);
        var second = await _fixture.PrepareAsync(request with { Attempt = 2, Fresh = true });

        Assert.NotEqual(first.Directory, second.Directory);
        Assert.Equal(first.Branch + "-2", second.Branch);
        Assert.True(Directory.Exists(first.Directory));
    }

    [Fact]
    public async Task Twenty_runs_at_once_on_one_repository_all_get_their_worktree()
    {
        // Two providers stand for two processes: they share nothing but the files.
        var providers = new[] { _fixture.Provider, _fixture.NewProvider() };
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => providers[number % 2].PrepareAsync(_fixture.Request(), Token))));

        Assert.All(results, result => Assert.Null(result.Failure));
        Assert.Equal(20, results.Select(result => result.Workspace!.Branch).Distinct().Count());
        Assert.All(results, result => Assert.True(File.Exists(Path.Combine(result.Workspace!.Directory, "readme.txt"))));

        var finished = await Task.WhenAll(results.Select((result, number) => Task.Run(async () =>
        {
            await File.WriteAllTextAsync(Path.Combine(result.Workspace!.Directory, $"file-{number}.txt"), "x\n", Token);
            return await providers[number % 2].FinishAsync(result.Workspace!, Token);
        })));
        Assert.All(finished, changes => Assert.Null(changes.Failure));
        Assert.All(finished, changes => Assert.True(changes.LeftoversCommitted));

        var removed = await Task.WhenAll(results.Select((result, number) => Task.Run(() => providers[number % 2].RemoveAsync(result.Workspace!.Run, cancellationToken: Token))));
        Assert.All(removed, removal => Assert.Single(removal.Kept));
        Assert.Single(_fixture.Git(_fixture.Repository, "worktree", "list").Split('\n'));
        Assert.Equal(20, _fixture.Git(_fixture.Repository, "branch", "--list", "run/*").Split('\n').Length);
    }

    [Fact]
    public async Task Commits_and_leftovers_are_listed_with_their_lines()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "readme.txt"), "one\n2\nthree\n", Token);
        _fixture.Git(workspace.Directory, "commit", "--quiet", "-am", "own work");
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "new file ü.txt"), "a\nb\nc\n", Token);
        await File.WriteAllBytesAsync(Path.Combine(workspace.Directory, "image.bin"), [0, 1, 2, 0, 255], Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);

        Assert.True(changes.LeftoversCommitted);
        Assert.Equal(workspace.Branch, changes.Branch);
        Assert.Equal(
            [new("image.bin", "added", null, null), new("new file ü.txt", "added", 3, 0), new("readme.txt", "modified", 2, 1)],
            changes.ChangedFiles.OrderBy(file => file.Path, StringComparer.Ordinal));
        Assert.Equal(_fixture.Git(_fixture.Repository, "rev-parse", workspace.Branch!), changes.LastCommit);
        Assert.StartsWith("Orleans.Workflows <", _fixture.Git(workspace.Directory, "log", "-1", "--format=%an <%ae>"));
        Assert.False((await _fixture.Provider.FinishAsync(workspace, Token)).LeftoversCommitted);
    }

    [Fact]
    public async Task Cleanup_commits_leftovers_removes_the_worktree_and_keeps_the_branch()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "left.txt"), "x", Token);

        var planned = await _fixture.Provider.RemoveAsync(workspace.Run, dryRun: true, cancellationToken: Token);
        Assert.True(Directory.Exists(workspace.Directory));
        Assert.Contains(planned.Kept, item => item.Item == workspace.Branch);

        var done = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.False(Directory.Exists(workspace.Directory));
        Assert.Equal([workspace.Directory], done.Removed);
        Assert.Contains(done.Kept, item => item.Item == workspace.Branch && item.Reason.Contains("1 commits", StringComparison.Ordinal));
        Assert.Equal("x", _fixture.Git(_fixture.Repository, "show", $"{workspace.Branch}:left.txt"));
        Assert.Null(_fixture.Provider.Find(workspace.Run));
    }

    [Fact]
    public async Task Cleanup_deletes_a_branch_without_work_or_with_merged_work()
    {
        var idle = await _fixture.PrepareAsync();
        var merged = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(merged.Directory, "work.txt"), "x", Token);
        await _fixture.Provider.FinishAsync(merged, Token);
        _fixture.Git(_fixture.Repository, "merge", "--quiet", merged.Branch!);

        Assert.Contains(idle.Branch!, (await _fixture.Provider.RemoveAsync(idle.Run, cancellationToken: Token)).Removed);
        Assert.Contains(merged.Branch!, (await _fixture.Provider.RemoveAsync(merged.Run, cancellationToken: Token)).Removed);
        Assert.False(_fixture.HasBranch("run/*"));
    }

    [Fact]
    public async Task Force_deletes_unmerged_work_too()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "left.txt"), "x", Token);

        var done = await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token);

        Assert.Empty(done.Kept);
        Assert.False(_fixture.HasBranch(workspace.Branch!));
    }

    [Fact]
    public async Task An_existing_branch_is_a_conflict_that_names_free_ones()
    {
        _fixture.Git(_fixture.Repository, "branch", "feature");
        _fixture.Git(_fixture.Repository, "branch", "feature-2");

        var result = await _fixture.Provider.PrepareAsync(_fixture.Request("feature"), Token);

        Assert.Equal("branch_exists", result.Failure?.Code);
        Assert.Contains("feature-3", result.Failure!.Remedy, StringComparison.Ordinal);
        Assert.True(_fixture.HasBranch("feature"));
        Assert.Null(_fixture.Provider.Find(_fixture.Request().Run));
    }

    [Fact]
    public async Task An_unknown_base_is_refused_with_the_branches_that_exist()
    {
        var result = await _fixture.Provider.PrepareAsync(_fixture.Request() with { BaseBranch = "nowhere" }, Token);
        Assert.Equal("base", result.Failure?.Field);
        Assert.Contains("main", result.Failure!.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--upload-pack=x")]
    [InlineData("a..b")]
    [InlineData("HEAD")]
    [InlineData("x y")]
    [InlineData("a/.lock")]
    [InlineData("a\0b")]
    public async Task A_branch_name_that_git_does_not_allow_is_refused(string branch)
    {
        var result = await _fixture.Provider.PrepareAsync(_fixture.Request(branch), Token);
        Assert.Equal("branch", result.Failure?.Field);
    }

    [Theory]
    [InlineData("--output=/etc/x")]
    [InlineData("a\0b")]
    [InlineData("main:readme.txt")]
    public async Task A_base_that_is_no_commit_is_refused(string name)
    {
        var result = await _fixture.Provider.PrepareAsync(_fixture.Request() with { BaseBranch = name }, Token);
        Assert.Equal("base", result.Failure?.Field);
    }

    [Theory]
    [InlineData("https://example.org/x.git", "remote")]
    [InlineData("git@example.org:x.git", "remote")]
    [InlineData("example.org:x.git", "remote")]
    [InlineData("ext::sh -c id", "remote")]
    [InlineData("relative/path", "absolute")]
    [InlineData("/nonexistent/repository", "not an existing directory")]
    public async Task A_repository_that_is_not_local_is_refused(string repository, string says)
    {
        var result = await _fixture.Provider.PrepareAsync(_fixture.Request() with { Repository = repository }, Token);
        Assert.Equal("repository", result.Failure?.Field);
        Assert.Contains(says, result.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_is_no_repository_and_an_empty_one_are_refused()
    {
        var plain = Directory.CreateDirectory(Path.Combine(_fixture.Root, "plain")).FullName;
        Assert.Contains("not a git repository", (await _fixture.Provider.PrepareAsync(_fixture.Request() with { Repository = plain }, Token)).Failure!.Message, StringComparison.Ordinal);
        _fixture.Git(plain, "init", "--quiet");
        Assert.Contains("no commit", (await _fixture.Provider.PrepareAsync(_fixture.Request() with { Repository = plain }, Token)).Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_between_adding_and_recording_is_made_good()
    {
        var request = _fixture.Request();
        var workspace = await _fixture.PrepareAsync(request);
        var record = workspace.Directory + ".json";
        await File.WriteAllTextAsync(record, (await File.ReadAllTextAsync(record, Token)).Replace("\"ready\": true", "\"ready\": false", StringComparison.Ordinal), Token);

        var again = await _fixture.NewProvider().PrepareAsync(request, Token);

        Assert.Equal(workspace, again.Workspace);
    }

    [Fact]
    public async Task A_continuation_takes_the_workspace_over_and_the_old_run_no_longer_owns_it()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);
        var changes = await _fixture.Provider.FinishAsync(workspace, Token);

        var request = _fixture.Request() with { ContinuationOf = workspace.Run };
        var next = await _fixture.PrepareAsync(request);
        Assert.Equal(workspace.Directory, next.Directory);
        Assert.Equal(changes.LastCommit, next.FirstCommit);
        Assert.Equal(next, await _fixture.PrepareAsync(request));

        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token);
        Assert.Contains(next.Run.ToString(), Assert.Single(removal.Kept).Reason, StringComparison.Ordinal);
        Assert.True(Directory.Exists(next.Directory));

        await _fixture.Provider.RemoveAsync(next.Run, cancellationToken: Token);
        Assert.False(Directory.Exists(next.Directory));
        await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Options.Directory));
    }

    [Fact]
    public async Task A_worktree_that_was_removed_comes_back_from_its_branch()
    {
        var request = _fixture.Request();
        var workspace = await _fixture.PrepareAsync(request);
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);
        await _fixture.Provider.FinishAsync(workspace, Token);
        Directory.Delete(workspace.Directory, recursive: true);

        await _fixture.PrepareAsync(request with { Attempt = 2 });
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), Token));
    }

    [Fact]
    public async Task Work_on_a_detached_head_is_kept_on_a_branch()
    {
        var workspace = await _fixture.PrepareAsync();
        _fixture.Git(workspace.Directory, "checkout", "--quiet", "--detach");
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);

        Assert.Equal(workspace.Branch + "-detached", changes.Branch);
        await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Equal("x", _fixture.Git(_fixture.Repository, "show", $"{changes.Branch}:work.txt"));
    }

    [Fact]
    public async Task Cleanup_by_age_leaves_young_ones_and_runs_that_are_not_over()
    {
        var first = await _fixture.PrepareAsync();
        var second = await _fixture.PrepareAsync();
        var later = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(2));
        var provider = _fixture.NewProvider(later);

        Assert.Empty(await provider.CleanupAsync(new CleanupRequest { OlderThan = TimeSpan.FromHours(3) }, _ => ValueTask.FromResult(true), Token));
        var results = await provider.CleanupAsync(new CleanupRequest { OlderThan = TimeSpan.FromHours(1) }, run => ValueTask.FromResult(run == first.Run), Token);

        Assert.Equal(2, results.Count);
        Assert.False(Directory.Exists(first.Directory));
        Assert.True(Directory.Exists(second.Directory));
    }
}
