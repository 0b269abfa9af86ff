using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

public sealed class DirectoryTests : IDisposable
{
    private readonly RepositoryFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_temporary_directory_is_private_lists_its_files_and_is_removed_without_following_links()
    {
        var workspace = await _fixture.PrepareAsync(Request(WorkspaceKind.Temporary));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(workspace.Directory));
        Directory.CreateDirectory(Path.Combine(workspace.Directory, "a/b"));
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "a/b/c.txt"), "x", Token);
        Directory.CreateSymbolicLink(Path.Combine(workspace.Directory, "repository"), _fixture.Repository);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Equal(["a/b/c.txt", "repository"], changes.ChangedFiles.Select(file => file.Path));
        Assert.Null(changes.LastCommit);

        await _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
        Assert.False(Directory.Exists(workspace.Directory));
        Assert.True(File.Exists(Path.Combine(_fixture.Repository, "readme.txt")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_killed_process_was_making_goes_with_the_rest(bool prepared)
    {
        var request = Request(WorkspaceKind.Temporary);
        var directory = Path.Combine(_fixture.Options.Directory, request.Run.ToString());
        if (prepared)
        {
            await _fixture.PrepareAsync(request);
        }

        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "2.json.new"), "{", Token);
        Directory.CreateDirectory(Path.Combine(directory, "2"));
        await _fixture.Provider.RemoveAsync(request.Run, dryRun: true, cancellationToken: Token);
        Assert.True(Directory.Exists(directory));
        await _fixture.Provider.RemoveAsync(request.Run, cancellationToken: Token);
        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task An_existing_directory_is_used_compared_and_never_removed()
    {
        var workspace = await _fixture.PrepareAsync(Request(WorkspaceKind.Directory, _fixture.Repository));
        await File.WriteAllTextAsync(Path.Combine(_fixture.Repository, "readme.txt"), "one\n", Token);
        await File.WriteAllTextAsync(Path.Combine(_fixture.Repository, "new.txt"), "x", Token);

        var changes = await _fixture.Provider.FinishAsync(workspace, Token);
        Assert.Equal([new("readme.txt", "modified", 0, 1), new("new.txt", "added", null, null)], changes.ChangedFiles);
        Assert.Equal(workspace.FirstCommit, changes.LastCommit);
        Assert.False(changes.LeftoversCommitted);

        var removal = await _fixture.Provider.RemoveAsync(workspace.Run, force: true, cancellationToken: Token);
        Assert.Single(removal.Kept);
        Assert.True(File.Exists(Path.Combine(_fixture.Repository, "new.txt")));
    }

    [Theory]
    [InlineData("relative")]
    [InlineData("/nonexistent/place")]
    [InlineData("/tmp/../tmp")]
    [InlineData("/tmp\0/x")]
    public async Task A_path_that_is_no_plain_existing_directory_is_refused(string path)
    {
        var result = await _fixture.Provider.PrepareAsync(Request(WorkspaceKind.Directory, path), Token);
        Assert.Equal("path", result.Failure?.Field);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_fixture.Options.Directory));
    }

    [Fact]
    public async Task A_link_out_of_the_allowed_roots_is_refused()
    {
        var root = Directory.CreateDirectory(Path.Combine(_fixture.Root, "allowed")).FullName;
        _fixture.Options.AllowedRoots.Add(root);
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), _fixture.Repository);
        var inside = Directory.CreateDirectory(Path.Combine(root, "inside")).FullName;

        Assert.Equal("path", (await _fixture.Provider.PrepareAsync(Request(WorkspaceKind.Directory, Path.Combine(root, "link")), Token)).Failure?.Field);
        Assert.Equal("repository", (await _fixture.Provider.PrepareAsync(_fixture.Request() with { Repository = Path.Combine(root, "link") }, Token)).Failure?.Field);
        Assert.Equal(inside, (await _fixture.PrepareAsync(Request(WorkspaceKind.Directory, inside))).Directory);
    }

    [Fact]
    public async Task The_servers_own_directories_are_no_workspace()
    {
        var result = await _fixture.Provider.PrepareAsync(Request(WorkspaceKind.Directory, _fixture.Options.Directory), Token);
        Assert.Contains("server itself", result.Failure!.Message, StringComparison.Ordinal);
    }

    private static WorkspaceRequest Request(WorkspaceKind kind, string? path = null) =>
        new() { Run = RunId.New(TimeProvider.System), Attempt = 1, Workflow = "plain", Kind = kind, Path = path };
}
