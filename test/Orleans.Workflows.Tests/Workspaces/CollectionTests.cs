using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workspaces;
using Orleans.Workflows.Workspaces.Collection;

namespace Orleans.Workflows.Tests.Workspaces;

public sealed class CollectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
    private static readonly CollectionLimits Limits = new() { AttemptsAge = TimeSpan.FromDays(7), AgentHomeAge = TimeSpan.FromDays(3), WorkspaceAge = null, LeastAge = TimeSpan.FromDays(1), TotalBytes = 100 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void What_is_older_than_its_kind_is_kept_goes()
    {
        var decisions = CollectionPlan.Decide([Entry(CollectionKind.Attempts, 8, 1), Entry(CollectionKind.Attempts, 6, 1), Entry(CollectionKind.AgentHome, 4, 1), Entry(CollectionKind.Workspace, 400, 1)], Limits, Now, _ => true);
        Assert.Equal([(CollectionKind.Attempts, CollectionReason.Age), (CollectionKind.AgentHome, CollectionReason.Age)], decisions.Select(decision => (decision.Entry.Kind, decision.Reason)));
    }

    [Fact]
    public void Above_the_size_the_least_recently_used_go_first_until_it_fits()
    {
        var decisions = CollectionPlan.Decide([Entry(CollectionKind.Workspace, 2, 60), Entry(CollectionKind.Workspace, 5, 30), Entry(CollectionKind.Workspace, 4, 30)], Limits, Now, _ => true);
        Assert.Equal([5], decisions.Select(decision => (Now - decision.Entry.LastUsed).Days));
        Assert.All(decisions, decision => Assert.Equal(CollectionReason.Size, decision.Reason));
    }

    [Fact]
    public void Nothing_of_an_unfinished_run_and_nothing_young_ever_goes_and_the_rest_fits_if_it_can()
    {
        var entries = Gen.Select(Gen.Int[1, 3], Gen.Int[0, 30], Gen.Long[0, 80], Gen.Bool).Array[0, 20];
        entries.Sample(drawn =>
        {
            var all = drawn.Select(one => (Entry: Entry((CollectionKind)one.Item1, one.Item2, one.Item3), IsOver: one.Item4)).ToList();
            var over = all.Where(one => one.IsOver).Select(one => one.Entry.Run).ToHashSet();
            var decisions = CollectionPlan.Decide([.. all.Select(one => one.Entry)], Limits, Now, entry => over.Contains(entry.Run));
            var gone = decisions.Select(decision => decision.Entry).ToHashSet();
            var left = all.Select(one => one.Entry).Where(entry => !gone.Contains(entry)).ToList();
            return gone.All(entry => over.Contains(entry.Run) && Now - entry.LastUsed >= Limits.LeastAge)
                && (left.Sum(entry => entry.Bytes) <= 100 || left.All(entry => !over.Contains(entry.Run) || Now - entry.LastUsed < Limits.LeastAge || entry.Bytes == 0));
        });
    }

    [Fact]
    public async Task The_collector_removes_old_things_of_finished_runs_and_keeps_unmerged_branches()
    {
        using var fixture = new RepositoryFixture();
        var workspace = await fixture.PrepareAsync();
        var running = await fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(workspace.Directory, "work.txt"), "x", Token);
        var attempts = Directory.CreateDirectory(Path.Combine(fixture.Root, "attempts")).FullName;
        foreach (var run in new[] { workspace.Run, running.Run })
        {
            Directory.CreateDirectory(Path.Combine(attempts, run.ToString(), "1"));
            await File.WriteAllTextAsync(Path.Combine(attempts, run.ToString(), "1/out"), "x", Token);
        }
        Directory.CreateDirectory(Path.Combine(attempts, "not-ours"));
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(30));
        var collector = new Collector(fixture.NewProvider(time), time);
        var roots = new Dictionary<CollectionKind, string> { [CollectionKind.Attempts] = attempts, [CollectionKind.Workspace] = fixture.Options.Directory };

        var planned = await collector.CollectAsync(roots, new CollectionLimits(), run => ValueTask.FromResult(run != running.Run ? CollectionUse.Over : CollectionUse.Needed), dryRun: true, cancellationToken: Token);
        Assert.Equal(2, planned.Removed.Count);
        Assert.True(Directory.Exists(workspace.Directory));
        var done = await collector.CollectAsync(roots, new CollectionLimits(), run => ValueTask.FromResult(run != running.Run ? CollectionUse.Over : CollectionUse.Needed), cancellationToken: Token);

        Assert.Equal(2, done.Removed.Count);
        Assert.False(Directory.Exists(workspace.Directory));
        Assert.True(fixture.HasBranch(workspace.Branch!));
        Assert.True(Directory.Exists(running.Directory));
        Assert.Equal(new[] { "not-ours", running.Run.ToString() }.Order(), Directory.EnumerateDirectories(attempts).Select(path => Path.GetFileName(path)!).Order());
    }

    [Fact]
    public async Task What_stays_although_it_was_to_go_makes_others_go()
    {
        using var fixture = new RepositoryFixture();
        var first = await fixture.PrepareAsync();
        var heir = await fixture.PrepareAsync(fixture.Request() with { ContinuationOf = first.Run });
        await File.WriteAllTextAsync(Path.Combine(first.Directory, "large"), new string('x', 100_000), Token);
        var other = await fixture.PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(other.Directory, "large"), new string('x', 100_000), Token);
        var long_ago = TimeProvider.System.GetUtcNow().UtcDateTime - TimeSpan.FromDays(2);
        foreach (var path in Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(first.Directory)!, "*", SearchOption.AllDirectories).Append(Path.GetDirectoryName(first.Directory)!))
        {
            Directory.SetLastWriteTimeUtc(path, long_ago);
        }
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
        var roots = new Dictionary<CollectionKind, string> { [CollectionKind.Workspace] = fixture.Options.Directory };
        var limits = new CollectionLimits { WorkspaceAge = null, LeastAge = TimeSpan.Zero, TotalBytes = 150_000 };

        var result = await new Collector(fixture.NewProvider(time), time).CollectAsync(roots, limits, run => ValueTask.FromResult(run != heir.Run ? CollectionUse.Over : CollectionUse.Needed), cancellationToken: Token);

        Assert.Equal([other.Run], result.Removed.Select(decision => decision.Entry.Run));
        Assert.Contains(result.Kept, item => item.Item == first.Directory);
        Assert.True(Directory.Exists(heir.Directory));
    }

    [Fact]
    public async Task What_the_database_does_not_know_goes_only_when_it_is_older_than_all_else()
    {
        using var fixture = new RepositoryFixture();
        var run = RunId.New(TimeProvider.System);
        var attempts = Path.Combine(fixture.Root, "attempts");
        var left = Directory.CreateDirectory(Path.Combine(attempts, $"{run.Value:N}-1")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "stdout"), "what it said", Token);
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(29));
        var roots = new Dictionary<CollectionKind, string> { [CollectionKind.Attempts] = attempts };
        var limits = new CollectionLimits { TotalBytes = 0 };
        Task<CollectionResult> CollectAsync() => new Collector(fixture.NewProvider(time), time).CollectAsync(roots, limits, _ => ValueTask.FromResult(CollectionUse.Unknown), cancellationToken: Token);

        var early = await CollectAsync();
        Assert.Equal((0, left), (early.Removed.Count, Assert.Single(early.Unknown).Path));
        Assert.True(Directory.Exists(left));

        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(CollectionReason.Unknown, Assert.Single((await CollectAsync()).Removed).Reason);
        Assert.False(Directory.Exists(left));
    }

    private static CollectionEntry Entry(CollectionKind kind, int days, long bytes) =>
        new(RunId.New(TimeProvider.System), kind, $"/{kind}/{days}", bytes, Now - TimeSpan.FromDays(days));
}
