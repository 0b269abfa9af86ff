using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

public sealed class HostileWorktreeTests : IDisposable
{
    private readonly RepositoryFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Trap => Path.Combine(_fixture.Root, "trap-was-sprung");

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Nothing_that_an_agent_planted_is_run()
    {
        var workspace = await _fixture.PrepareAsync();
        var script = Path.Combine(_fixture.Root, "trap.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntouch {Trap}\ncat\n", Token);
        File.SetUnixFileMode(script, (UnixFileMode)Convert.ToInt32("755", 8));
        foreach (var hook in new[] { "pre-commit", "post-commit", "post-checkout", "post-index-change", "reference-transaction", "prepare-commit-msg" })
        {
            File.Copy(script, Path.Combine(_fixture.Repository, ".git/hooks", hook), overwrite: true);
        }
        foreach (var name in new[] { "core.fsmonitor", "core.editor", "core.pager", "diff.external", "gpg.program", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command" })
        {
            _fixture.Git(_fixture.Repository, "config", name, script);
        }
        _fixture.Git(_fixture.Repository, "config", "filter.evil.required", "true");
        _fixture.Git(_fixture.Repository, "config", "commit.gpgSign", "true");
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, ".gitattributes"), "* filter=evil diff=evil\n", Token);
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "readme.txt"), "changed\n", Token);
        Directory.CreateDirectory(Path.Combine(_fixture.Repository, ".git/info"));
        await File.WriteAllTextAsync(Path.Combine(_fixture.Repository, ".git/info/attributes"), "* filter=evil diff=evil\n", Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Null(changes.Failure);
        Assert.Equal(2, changes.ChangedFilesTotal);
        await _fixture.PrepareAsync();
        var looked = await _fixture.PrepareAsync(_fixture.Request() with { Kind = WorkspaceKind.Directory, Path = _fixture.Repository });
        await File.WriteAllTextAsync(Path.Combine(_fixture.Repository, "readme.txt"), "dirty\n", Token);
        Assert.Equal(1, (await _fixture.Provider.FinishAsync(looked, Token)).ChangedFilesTotal);
        await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);

        Assert.False(File.Exists(Trap));
    }

    [Theory]
    [InlineData("a name with a '='")]
    [InlineData("included for worktrees alone")]
    [InlineData("the worktree's own settings")]
    public async Task A_filter_that_hides_from_a_look_at_the_repository_is_not_run(string place)
    {
        var workspace = await _fixture.PrepareAsync();
        var script = Path.Combine(_fixture.Root, "trap.sh");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntouch {Trap}\ncat\n", Token);
        File.SetUnixFileMode(script, (UnixFileMode)Convert.ToInt32("755", 8));
        var settings = $"[filter \"e=vil\"]\n clean = {script}\n smudge = {script}\n required = true\n";
        switch (place)
        {
            case "a name with a '='":
                await File.AppendAllTextAsync(Path.Combine(_fixture.Repository, ".git/config"), settings, Token);
                break;
            case "included for worktrees alone":
                var included = Path.Combine(_fixture.Root, "included");
                await File.WriteAllTextAsync(included, settings, Token);
                await File.AppendAllTextAsync(Path.Combine(_fixture.Repository, ".git/config"), $"[includeIf \"gitdir:**/worktrees/**\"]\n path = {included}\n", Token);
                break;
            default:
                _fixture.Git(_fixture.Repository, "config", "extensions.worktreeConfig", "true");
                await File.WriteAllTextAsync(Path.Combine(workspace.GitDirectory!, "config.worktree"), settings, Token);
                break;
        }
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, ".gitattributes"), "* filter=e=vil\n", Token);
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "readme.txt"), "changed\n", Token);

        await _fixture.Provider.RemoveAsync(workspace.Run, dryRun: true, cancellationToken: Token);
        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "readme.txt"), "changed again\n", Token);
        await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        await _fixture.PrepareAsync(_fixture.Request() with { BaseBranch = workspace.Branch });

        Assert.Equal((null, 2), (changes.Failure, changes.ChangedFilesTotal));
        Assert.False(File.Exists(Trap));
    }

    [Fact]
    public async Task A_filter_whose_name_could_not_be_said_to_git_is_a_failure_and_not_run()
    {
        var workspace = await _fixture.PrepareAsync();
        await using (var settings = new FileStream(Path.Combine(_fixture.Repository, ".git/config"), FileMode.Append))
        {
            settings.Write([.. "[filter \""u8, 0xFF, .. "\"]\n clean = touch "u8, .. System.Text.Encoding.UTF8.GetBytes(Trap), (byte)'\n']);
        }
        await File.WriteAllBytesAsync(Path.Combine(workspace.Directory, ".gitattributes"), [.. "* filter="u8, 0xFF, (byte)'\n'], Token);

        Assert.Equal("workspace_failed", (await _fixture.Provider.FinishAsync(workspace, Token)).Failure?.Code);
        Assert.NotEmpty((await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token)).Kept);
        Assert.NotEmpty((await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token)).Removed);
        Assert.False(File.Exists(Trap));
    }

    [Fact]
    public async Task A_git_file_that_points_elsewhere_commits_nothing_elsewhere()
    {
        var victim = Directory.CreateDirectory(Path.Combine(_fixture.Root, "victim")).FullName;
        _fixture.Git(victim, "init", "--quiet", "--initial-branch=main");
        _fixture.Git(victim, "commit", "--quiet", "--allow-empty", "-m", "victim");
        var before = _fixture.Git(victim, "rev-parse", "HEAD");
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, ".git"), $"gitdir: {victim}/.git\n", Token);
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);

        Assert.True(changes.LeftoversCommitted);
        Assert.Equal(before, _fixture.Git(victim, "rev-parse", "HEAD"));
        Assert.Contains(workspace.Directory, removal.Removed);
        Assert.Equal("x", _fixture.Git(_fixture.Repository, "show", $"{workspace.Branch}:work.txt"));
    }

    [Fact]
    public async Task Links_are_committed_as_links_and_their_targets_survive()
    {
        var secret = Path.Combine(_fixture.Root, "secret");
        Directory.CreateDirectory(secret);
        await File.WriteAllTextAsync(Path.Combine(secret, "key"), "hidden", Token);
        var workspace = await _fixture.PrepareAsync();
        Directory.CreateSymbolicLink(Path.Combine(workspace.Directory, "out"), secret);
        File.CreateSymbolicLink(Path.Combine(workspace.Directory, "file"), Path.Combine(secret, "key"));

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token);

        Assert.Equal(["file", "out"], changes.ChangedFiles.Select(file => file.Path).Order());
        Assert.Equal("hidden", await File.ReadAllTextAsync(Path.Combine(secret, "key"), Token));
        Assert.False(Directory.Exists(workspace.Directory));
    }

    [Fact]
    public async Task A_nested_repository_is_kept_and_told_unless_forced()
    {
        var workspace = await _fixture.PrepareAsync();
        var nested = Directory.CreateDirectory(Path.Combine(workspace.Directory, "nested")).FullName;
        _fixture.Git(nested, "init", "--quiet");
        await File.WriteAllTextAsync(Path.Combine(nested, "x.txt"), "x", Token);
        _fixture.Git(nested, "add", "-A");
        _fixture.Git(nested, "commit", "--quiet", "-m", "nested");
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Equal(["work.txt"], changes.ChangedFiles.Select(file => file.Path));
        Assert.Contains("nested", Assert.Single(changes.Warnings), StringComparison.Ordinal);

        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.Contains(removal.Kept, item => item.Item == workspace.Directory);
        Assert.True(Directory.Exists(nested));

        await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token);
        Assert.False(Directory.Exists(nested));
    }

    [Fact]
    public async Task An_empty_nested_repository_does_not_keep_the_rest_from_being_committed()
    {
        var workspace = await _fixture.PrepareAsync();
        _fixture.Git(Directory.CreateDirectory(Path.Combine(workspace.Directory, "aaa")).FullName, "init", "--quiet");
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);

        Assert.True(changes.LeftoversCommitted);
        Assert.NotEmpty(changes.Warnings);
        Assert.Equal(["work.txt"], changes.ChangedFiles.Select(file => file.Path));
    }

    [Fact]
    public async Task A_lock_that_a_killed_git_left_is_passed()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.GitDirectory!, "index.lock"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);

        Assert.True((await _fixture.Provider.FinishAsync(workspace, Token)).LeftoversCommitted);
    }
}
