using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class StartProtocolTests
{
    [Theory, BothRuntimes]
    public async Task A_supervisor_that_finds_a_void_never_executes(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        var spec = node.Shell("echo executed");
        directory.Create();
        Assert.True(directory.TryVoid());
        var attempt = await node.ExecuteAsync(directory, spec);
        Assert.Equal(ExitCause.Voided, (await attempt.EndAsync()).Cause);
        Assert.Equal(ExitCause.Voided, directory.ReadExit()!.Cause);
        AssertUntouched(directory);
    }

    [Theory, BothRuntimes]
    public async Task A_supervisor_whose_lease_has_run_out_never_executes(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("echo executed") with { LeaseDeadlineMs = BootClock.Milliseconds });
        Assert.Equal(ExitCause.Lease, (await attempt.EndAsync()).Cause);
        AssertUntouched(attempt.Files);
    }

    [Theory, BothRuntimes]
    public async Task A_second_supervisor_of_an_attempt_is_refused_and_harms_nothing(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var spec = node.Shell("echo ready; read x; echo $x") with { KeepStandardInputOpen = true };
        var first = await node.StartAsync(spec);
        await first.OutputAsync("ready");
        Assert.Null(first.Files.TryLock());
        Assert.False(first.Files.TryVoid());

        // The second is turned away; its client finds the first one's socket.
        var second = await node.ExecuteAsync(first.Files, spec);
        var spawned = await second.NextAsync<SupervisorSignal.Spawned>();
        Assert.Equal(await first.NextAsync<SupervisorSignal.Spawned>(), spawned);
        await second.Connection.SendInputAsync("m", "once\n"u8.ToArray());
        Assert.Equivalent(await first.EndAsync(), await second.EndAsync());
        Assert.Equal("ready\nonce\n", first.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task An_attempt_is_executed_once(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var spec = node.Shell("echo executed");
        var first = await node.StartAsync(spec);
        var end = await first.EndAsync();
        var again = await node.ExecuteAsync(first.Files, spec);
        Assert.Equivalent(end, await again.EndAsync());
        Assert.Equal("executed\n", first.StdoutText);
        Assert.Throws<InvalidOperationException>(() => first.Files.Create());
    }

    [Theory, BothRuntimes]
    public async Task A_supervisor_that_can_t_write_its_record_executes_nothing_and_says_why(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        directory.Create();
        File.CreateSymbolicLink(directory.File(AttemptFiles.Record), "no/such/directory");
        var attempt = await node.ExecuteAsync(directory, node.Shell("echo executed"));
        await attempt.NextAsync<SupervisorSignal.Lost>();
        AssertUntouched(directory);
        Assert.Contains("write record", await File.ReadAllTextAsync(directory.File(AttemptFiles.Log), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory, BothRuntimes]
    public async Task A_supervisor_whose_directory_is_gone_executes_nothing(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var directory = node.NewAttempt();
        var attempt = await node.ExecuteAsync(directory, node.Shell("echo executed"));
        await attempt.NextAsync<SupervisorSignal.Lost>();
        AssertUntouched(directory);
    }

    [Fact]
    public void A_second_silo_on_a_node_directory_is_refused_until_the_first_is_gone()
    {
        var directory = Directory.CreateTempSubdirectory("node-").FullName;
        using (NodeLock.Take(directory))
        {
            var refused = Assert.Throws<InvalidOperationException>(() => NodeLock.Take(directory));
            Assert.Contains(directory, refused.Message, StringComparison.Ordinal);
        }

        NodeLock.Take(directory).Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Theory, BothRuntimes]
    public async Task A_directory_lists_its_attempts_and_no_others(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("exit 0");
        await attempt.EndAsync();
        Directory.CreateDirectory(Path.Combine(node.Path, "attempts", "foreign"));
        var found = Assert.Single(AttemptDirectory.All(node.Path));
        Assert.Equal(attempt.Files, found);
    }

    [Fact]
    public void A_missing_supervisor_is_named_with_the_remedy()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => SupervisorProgram.Find(new SupervisorOptions { ProgramPath = "/no/such/file" }));
        Assert.Contains("/no/such/file", missing.Message, StringComparison.Ordinal);
    }

    private static void AssertUntouched(AttemptDirectory directory)
    {
        Assert.Null(directory.ReadSupervisor());
        Assert.Null(directory.ReadAgent());
        Assert.False(File.Exists(directory.StdoutPath));
    }
}
