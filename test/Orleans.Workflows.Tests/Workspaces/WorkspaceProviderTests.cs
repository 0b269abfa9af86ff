using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Workspaces;

/// <summary>What callers may do at once, again, and at bad times.</summary>
public sealed class WorkspaceProviderTests : IDisposable
{
    private readonly RepositoryFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Of_removals_at_once_one_removes()
    {
        var workspace = await _fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);

        var removals = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token)));

        Assert.Equal([workspace.Directory], removals.SelectMany(removal => removal.Removed));
        Assert.Equal("x", _fixture.Git(_fixture.Repository, "show", $"{workspace.Branch}:work.txt"));
    }

    [Fact]
    public async Task A_continuation_beside_a_removal_gets_the_workspace_whole_or_not_at_all()
    {
        for (var round = 0; round < 5; round++)
        {
            var workspace = await _fixture.PrepareAsync();
            var removing = _fixture.Provider.RemoveAsync(workspace.Run, cancellationToken: Token);
            var next = await _fixture.Provider.PrepareAsync(_fixture.Request() with { ContinuationOf = workspace.Run }, Token);
            await removing;

            Assert.True(next.Workspace is null ? next.Failure!.Code == "workspace_gone" : File.Exists(Path.Combine(next.Workspace.Directory, "readme.txt")), $"round {round}: {next}");
        }
    }

    [Fact]
    public async Task A_clean_up_stops_between_two_runs_and_not_in_one()
    {
        var runs = new[] { await _fixture.PrepareAsync(), await _fixture.PrepareAsync() };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.Provider.CleanupAsync(
            new CleanupRequest(),
            async _ =>
            {
                await stop.CancelAsync();
                return true;
            },
            stop.Token));

        Assert.Equal([false, true], runs.Select(workspace => Directory.Exists(workspace.Directory)));
        Assert.Equal([false, true], runs.Select(workspace => _fixture.HasBranch(workspace.Branch!)));
    }

    [Fact]
    public async Task A_workspace_is_as_old_as_its_last_use()
    {
        var workspace = await _fixture.PrepareAsync();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(30));
        var provider = _fixture.NewProvider(time);
        await provider.FinishAsync(workspace, Token);
        time.Advance(TimeSpan.FromDays(6));

        Assert.Empty(await provider.CleanupAsync(new CleanupRequest { OlderThan = TimeSpan.FromDays(7) }, _ => ValueTask.FromResult(true), Token));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Single(await provider.CleanupAsync(new CleanupRequest { OlderThan = TimeSpan.FromDays(7) }, _ => ValueTask.FromResult(true), Token));
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(TimeoutException))]
    public async Task What_the_machine_refuses_at_the_end_is_a_failure_in_the_answer(Type fault)
    {
        var workspace = await _fixture.PrepareAsync();
        var changes = await _fixture.NewProvider(new FaultyTime(fault)).FinishAsync(workspace, Token);

        Assert.Equal(("workspace_failed", workspace.FirstCommit), (changes.Failure?.Code, changes.FirstCommit));
        Assert.True(Directory.Exists(workspace.Directory));
    }

    [Fact]
    public async Task A_git_that_takes_too_long_may_clean_up_before_it_ends()
    {
        var cleaned = Path.Combine(_fixture.Root, "cleaned");
        var script = Path.Combine(_fixture.Root, "slow-git");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\ntrap 'touch {cleaned}; exit 1' TERM\nwhile :; do sleep 0.05; done\n", Token);
        File.SetUnixFileMode(script, (UnixFileMode)Convert.ToInt32("755", 8));
        _fixture.Options.Git = script;
        _fixture.Options.GitTimeout = TimeSpan.FromSeconds(1);

        Assert.NotNull((await _fixture.Provider.PrepareAsync(_fixture.Request(), Token)).Failure);
        Assert.True(File.Exists(cleaned));
    }

    /// <summary>A clock that fails stands for whatever of the machine fails under git.</summary>
    private sealed class FaultyTime(Type fault) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw (Exception)Activator.CreateInstance(fault, "broken")!;
    }
}
