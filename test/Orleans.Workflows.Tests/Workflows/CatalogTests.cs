using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Tests.Workspaces;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.Workflows;

public sealed class CatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WorkflowsOptions _options = new() { ShippedDirectory = null };

    public CatalogTests()
    {
        Directory.CreateDirectory(_folder["workflows"]);
        _options.Directories.Add(_folder["workflows"]);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_workflows_load_without_a_problem()
    {
        using var catalog = Catalog(new WorkflowsOptions());
        Assert.Empty(catalog.Current.Problems);
        Assert.Equal(["demo", "implement", "plain", "review"], catalog.Current.Workflows.Select(workflow => workflow.Definition.Name));
    }

    [Fact]
    public void A_broken_folder_harms_no_other_and_its_name_tells_why()
    {
        _folder.Write("workflows/good/workflow.yaml", "agent: claude");
        _folder.Write("workflows/bad/workflow.yaml", "agent: claude\nmaxTurns: x");
        _folder.Write("workflows/notes.txt", "not a workflow");
        using var catalog = Catalog();

        Assert.NotNull(catalog.Find("good", out var none));
        Assert.Null(none);
        Assert.Null(catalog.Find("bad", out var broken));
        Assert.Contains("line 2", broken!.Message, StringComparison.Ordinal);
        Assert.Null(catalog.Find("goood", out var unknown));
        Assert.Contains("Did you mean 'good'?", unknown!.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_good_state_is_served_while_the_new_one_is_broken()
    {
        _folder.Write("workflows/a/workflow.yaml", "agent: claude\nmaxTurns: 1");
        using var catalog = Catalog();
        var hash = catalog.Current.Find("a")!.Hash;
        _folder.Write("workflows/a/workflow.yaml", "agent: [");

        var broken = await catalog.ReloadAsync(Token);
        Assert.Equal(hash, broken.Find("a")!.Hash);
        Assert.Single(broken.Problems);
        Assert.Equal("a", broken.FindByHash(hash)!.Definition.Name);

        _folder.Write("workflows/a/workflow.yaml", "agent: claude\nmaxTurns: 2");
        var mended = await catalog.ReloadAsync(Token);
        Assert.Equal(2, mended.Find("a")!.Definition.MaxTurns);
        Assert.Empty(mended.Problems);

        Directory.Delete(_folder["workflows/a"], recursive: true);
        Assert.Null((await catalog.ReloadAsync(Token)).Find("a"));
    }

    [Fact]
    public void Of_two_with_one_name_the_first_counts_and_a_shipped_one_may_be_replaced()
    {
        _folder.Write("workflows/a/workflow.yaml", "agent: claude\nmaxTurns: 1");
        _folder.Write("workflows/b/workflow.yaml", "name: a\nagent: claude\nmaxTurns: 2");
        _folder.Write("shipped/a/workflow.yaml", "agent: claude\nmaxTurns: 3");
        _options.ShippedDirectory = _folder["shipped"];
        using var catalog = Catalog();

        Assert.Equal(1, catalog.Current.Find("a")!.Definition.MaxTurns);
        Assert.Equal("b", Assert.Single(catalog.Current.Problems).Workflow);
    }

    [Fact]
    public void A_broken_replacement_does_not_bring_the_shipped_one_back()
    {
        _folder.Write("workflows/a/workflow.yaml", "agent: [");
        _folder.Write("shipped/a/workflow.yaml", "agent: claude");
        _folder.Write("shipped/b/workflow.yaml", "agent: claude");
        _options.ShippedDirectory = _folder["shipped"];
        using var catalog = Catalog();

        Assert.Null(catalog.Find("a", out var failure));
        Assert.Contains("is broken", failure!.Message, StringComparison.Ordinal);
        Assert.NotNull(catalog.Find("b", out _));
    }

    [Theory]
    [InlineData("pattern", """{"type":"object","properties":{"a":{"type":"string","pattern":"("}}}""")]
    [InlineData("pattern", """{"type":"object","patternProperties":{"[":{"type":"string"}}}""")]
    [InlineData("defaults", """{"type":"object","properties":{"a":{"$ref":"#","default":{}}}}""")]
    [InlineData("circle", """{"type":"object","properties":{"a":{"$ref":"#/definitions/b"}},"definitions":{"b":{"$ref":"#/definitions/c"},"c":{"$ref":"#/definitions/b"}}}""")]
    [InlineData("circle", """{"type":"object","allOf":[{"$ref":"#/definitions/b"}],"definitions":{"b":{"allOf":[{"$ref":"#/definitions/c"}]},"c":{"anyOf":[{"$ref":"#/definitions/b"}]}}}""")]
    [InlineData("circle", """{"type":"object","not":{"$ref":"#"}}""")]
    public void A_schema_that_could_not_be_used_is_a_problem_and_harms_no_other(string said, string schema)
    {
        _folder.Write("workflows/bad/workflow.yaml", $"agent: claude\ninputSchema: {schema}\n");
        _folder.Write("workflows/bad/prompt.md", "{{input.a.b.c}}");
        _folder.Write("workflows/good/workflow.yaml", "agent: claude");
        using var catalog = Catalog();

        Assert.Contains(catalog.Current.Problems, problem => problem.Workflow == "bad" && problem.ToString().Contains(said, StringComparison.Ordinal));
        Assert.NotNull(catalog.Find("good", out _));
    }

    [Fact]
    public async Task Readers_always_see_a_whole_snapshot_while_it_is_reloaded()
    {
        _folder.Write("workflows/a/workflow.yaml", "agent: claude");
        _folder.Write("workflows/a/prompt.md", new string('x', 100));
        using var catalog = Catalog();
        _ = catalog.Current;
        using var done = new CancellationTokenSource();
        using var reading = new CountdownEvent(2);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            reading.Signal();
            while (!done.IsCancellationRequested)
            {
                var workflow = catalog.Current.Find("a")!;
                Assert.Same(workflow, catalog.Current.FindByHash(workflow.Hash) ?? workflow);
            }
        }, Token)).ToArray();
        reading.Wait(Token);
        for (var round = 0; round < 30; round++)
        {
            _folder.Write("workflows/a/prompt.md", new string('y', round + 1));
            await catalog.ReloadAsync(Token);
        }
        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_changed_file_is_picked_up_once_files_are_quiet()
    {
        _folder.Write("workflows/a/workflow.yaml", "agent: claude\nmaxTurns: 1");
        using var catalog = Catalog();
        var time = new FakeTimeProvider();
        using var service = new WorkflowWatchService(catalog, Options.Create(_options), time, NullLogger<WorkflowWatchService>.Instance);
        var reloads = System.Threading.Channels.Channel.CreateUnbounded<CatalogSnapshot>();
        service.Reloaded += snapshot => reloads.Writer.TryWrite(snapshot);
        await service.StartAsync(Token);

        File.WriteAllText(_folder["workflows/a/workflow.yaml"], "agent: claude\nmaxTurns: 2");
        service.Touch();
        time.Advance(_options.QuietPeriod / 2);
        service.Touch();
        time.Advance(_options.QuietPeriod / 2);
        Assert.False(reloads.Reader.TryRead(out _));

        // The watcher may tell of the write only now, and then it is quiet later.
        var reloaded = await TestKit.Waiting.WaitFor.Value(
            _ =>
            {
                time.Advance(_options.QuietPeriod);
                return ValueTask.FromResult(reloads.Reader.TryRead(out var snapshot) ? snapshot : null);
            },
            () => "nothing was loaded again",
            cancellationToken: Token);
        Assert.Equal(2, reloaded.Find("a")!.Definition.MaxTurns);
        await service.StopAsync(Token);
    }

    [Fact]
    public async Task A_reload_that_fails_does_not_end_the_watch()
    {
        _folder.Write("workflows/a/workflow.yaml", "agent: claude");
        using var catalog = Catalog();
        var time = new FakeTimeProvider();
        using var service = new WorkflowWatchService(catalog, Options.Create(_options), time, NullLogger<WorkflowWatchService>.Instance);
        var reloads = System.Threading.Channels.Channel.CreateUnbounded<CatalogSnapshot>();
        var fails = true;
        service.Reloaded += snapshot =>
        {
            reloads.Writer.TryWrite(snapshot);
            if (fails)
            {
                throw new InvalidOperationException("broken");
            }
        };
        await service.StartAsync(Token);
        service.Touch();
        time.Advance(_options.QuietPeriod);
        await reloads.Reader.ReadAsync(Token).AsTask().WaitAsync(TestKit.Waiting.TestTimeouts.Default, Token);

        fails = false;
        service.Touch();
        time.Advance(_options.QuietPeriod);

        Assert.NotNull((await reloads.Reader.ReadAsync(Token).AsTask().WaitAsync(TestKit.Waiting.TestTimeouts.Default, Token)).Find("a"));
        await service.StopAsync(Token);
        service.Touch();
        time.Advance(_options.QuietPeriod);
        Assert.False(reloads.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_new_folder_is_seen_by_the_watcher_itself()
    {
        _options.QuietPeriod = TimeSpan.FromMilliseconds(20);
        using var catalog = Catalog();
        using var service = new WorkflowWatchService(catalog, Options.Create(_options), TimeProvider.System, NullLogger<WorkflowWatchService>.Instance);
        var found = new TaskCompletionSource();
        service.Reloaded += snapshot =>
        {
            if (snapshot.Find("new") is not null)
            {
                found.TrySetResult();
            }
        };
        await service.StartAsync(Token);
        _folder.Write("workflows/new/workflow.yaml", "agent: claude");

        await found.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await service.StopAsync(Token);
    }

    [Fact]
    public void A_directory_that_vanished_and_one_with_too_many_folders_are_problems_and_the_rest_is_served()
    {
        _folder.Write("workflows/0/workflow.yaml", "agent: claude");
        _options.Directories.Add(_folder["vanished"]);
        foreach (var number in Enumerable.Range(1, 1_001))
        {
            Directory.CreateDirectory(_folder[$"many/{number}"]);
        }
        _options.Directories.Add(_folder["many"]);
        using var catalog = Catalog();

        var problems = catalog.Current.Problems;

        Assert.NotNull(catalog.Current.Find("0"));
        Assert.Contains(problems, problem => problem.File == _folder["vanished"] && problem.Remedy.Contains("Create it", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.File == _folder["many"] && problem.Message.Contains("more than 1000 folders", StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_that_name_no_directory_stop_the_start()
    {
        _options.Directories.Add(_folder["nowhere"]);
        Assert.Contains("nowhere", Assert.Single(new WorkflowsOptionsValidator().Validate(null, _options).Failures!), StringComparison.Ordinal);
    }

    private WorkflowCatalog Catalog(WorkflowsOptions? options = null) => new(Options.Create(options ?? _options), NullLogger<WorkflowCatalog>.Instance);
}
