using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

public sealed class LaunchTests
{
    [Theory, BothRuntimes]
    public async Task An_exit_code_is_told(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("exit 127");
        var end = await attempt.EndAsync();
        Assert.Equal((ExitCause.Exited, 127, null, EndStep.None), (end.Cause, end.ExitCode, end.Signal, end.EndedBy));
        Assert.True(end.ProvenGone);
        Assert.Equal(0, end.SurvivorCount);
        Assert.Null(end.LaunchErrno);
        Assert.InRange(end.EndedAtBootMs, end.StartedAtBootMs, BootClock.Milliseconds);
        Assert.Equivalent(end, attempt.Files.ReadExit());
    }

    [Theory, BothRuntimes]
    public async Task A_signal_that_ends_the_agent_is_told(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var end = await (await node.StartShellAsync("kill -SEGV $$")).EndAsync();
        Assert.Equal((ExitCause.Exited, null, 11), (end.Cause, end.ExitCode, end.Signal));
    }

    [Theory, BothRuntimes]
    public async Task The_environment_is_exactly_what_was_given_and_the_marker(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("") with
        {
            Program = "/bin/cat",
            Arguments = ["/proc/self/environ"],
            Environment = new Dictionary<string, string> { ["SECRET"] = "ü= \n\"x\"", ["EMPTY"] = "" },
        });
        await attempt.EndAsync();
        var expected = new[] { "SECRET=ü= \n\"x\"", "EMPTY=", $"{NodeFixture.Marker}={attempt.Files.MarkerValue}" };
        Assert.Equal(expected.Order(StringComparer.Ordinal), attempt.StdoutText.TrimEnd('\0').Split('\0').Order(StringComparer.Ordinal));
    }

    [Theory, BothRuntimes]
    public async Task Secrets_and_arguments_are_in_no_file_and_on_no_command_line_but_the_agents(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("echo ready; read x # the-prompt") with
        {
            Environment = new Dictionary<string, string> { ["TOKEN"] = "the-secret" },
            StandardInput = "the-input"u8.ToArray(),
            KeepStandardInputOpen = true,
        });
        await attempt.OutputAsync("ready");
        var supervisor = attempt.Connection.SupervisorPid;
        string[] visible =
        [
            File.ReadAllText($"/proc/{supervisor}/cmdline"),
            File.ReadAllText($"/proc/{supervisor}/environ"),
            .. Directory.GetFiles(attempt.Files.Path).Where(file => Path.GetFileName(file) != AttemptFiles.Socket).Select(File.ReadAllText),
        ];
        Assert.DoesNotContain(visible, text => text.Contains("the-", StringComparison.Ordinal));
    }

    [Theory, BothRuntimes]
    public async Task The_agent_has_three_descriptors_no_blocked_or_ignored_signals_and_a_session_of_its_own(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        // The shell blocks signals for moments while it forks, so what is looked at is a program alone.
        async Task<string[]> LinesOfAsync(string program, params string[] arguments)
        {
            var attempt = await node.StartAsync(node.Shell("") with { Program = program, Arguments = arguments });
            await attempt.EndAsync();
            return attempt.StdoutText.TrimEnd('\n').Split('\n');
        }

        Assert.Equal(["0", "1", "2"], (await LinesOfAsync("/bin/sh", "-c", "ls /proc/$$/fd; :")));
        var masks = await LinesOfAsync("/bin/grep", "-E", "SigBlk|SigIgn", "/proc/self/status");

        // 32 and 33 belong to glibc, whose posix_spawn ignores the former in the child.
        const ulong glibc = 3UL << 31;
        Assert.All(masks, mask => Assert.Equal(0UL, Convert.ToUInt64(mask.Split('\t')[1], 16) & ~glibc));
        var stat = (await LinesOfAsync("/bin/cat", "/proc/self/stat"))[0].Split(' ');
        Assert.Equal(stat[0], stat[5]);
    }

    [Theory, BothRuntimes]
    public async Task Limits_apply_to_the_agent(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartAsync(node.Shell("ulimit -Sn; ulimit -Hc; pwd") with { OpenFilesLimit = 200, CoreLimitBytes = 0 });
        await attempt.EndAsync();
        Assert.Equal($"200\n0\n{node.Path}\n", attempt.StdoutText);
    }

    [Theory, BothRuntimes]
    public async Task A_program_that_cannot_be_executed_is_a_launch_failure_with_its_errno(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var text = Path.Combine(node.Path, "text");
        await File.WriteAllTextAsync(text, "no program", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(text, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var lost = Path.Combine(node.Path, "lost-interpreter");
        await File.WriteAllTextAsync(lost, "#!/no/such/interpreter\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(lost, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var plain = Path.Combine(node.Path, "plain");
        await File.WriteAllTextAsync(plain, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(plain, UnixFileMode.UserRead);

        var any = node.Shell("");
        (LaunchSpec Spec, LaunchStage Stage, int Errno)[] cases =
        [
            (any with { Program = "/no/such/program" }, LaunchStage.Execute, Errno.NoEntry),
            (any with { Program = "no-such-program-anywhere" }, LaunchStage.Execute, Errno.NoEntry),
            (any with { Program = plain }, LaunchStage.Execute, Errno.AccessDenied),
            (any with { Program = node.Path }, LaunchStage.Execute, Errno.AccessDenied),
            (any with { Program = text }, LaunchStage.Execute, Errno.NotExecutable),
            (any with { Program = lost }, LaunchStage.Execute, Errno.NoEntry),
            (any with { Arguments = ["-c", ":", new string('x', 200_000)] }, LaunchStage.Spawn, Errno.ArgumentsTooLong),
            (any with { WorkingDirectory = "/no/such/directory" }, LaunchStage.Directory, Errno.NoEntry),
            (any with { WorkingDirectory = text }, LaunchStage.Directory, Errno.NotDirectory),
        ];
        foreach (var (spec, stage, errno) in cases)
        {
            var attempt = await node.StartAsync(spec);
            var end = await attempt.EndAsync();
            Assert.Equal((ExitCause.LaunchFailed, stage, errno, null), (end.Cause, end.LaunchStage, end.LaunchErrno, end.ExitCode));
            Assert.DoesNotContain(attempt.Seen, signal => signal is SupervisorSignal.Spawned);
            Assert.Equal("", attempt.StderrText);
        }
    }

    [Theory, BothRuntimes]
    public async Task A_bare_name_is_found_in_the_given_path(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var end = await (await node.StartAsync(node.Shell("exit 3") with { Program = "sh" })).EndAsync();
        Assert.Equal(3, end.ExitCode);
    }

    [Theory, BothRuntimes]
    public async Task Started_and_agent_name_living_processes_of_this_boot(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var attempt = await node.StartShellAsync("echo ready; exec sleep 60");
        var spawned = await attempt.NextAsync<SupervisorSignal.Spawned>();
        await attempt.OutputAsync("ready");
        var supervisor = attempt.Files.ReadSupervisor()!;
        Assert.Equal(attempt.Connection.SupervisorPid, supervisor.Pid);
        Assert.True(ProcessIdentity.IsAlive(supervisor));
        Assert.Equal(spawned.Agent, attempt.Files.ReadAgent());
        Assert.True(ProcessIdentity.IsAlive(spawned.Agent));
        Assert.False(ProcessIdentity.IsAlive(spawned.Agent with { StartTime = spawned.Agent.StartTime - 1 }));
        Assert.False(ProcessIdentity.IsAlive(spawned.Agent with { BootId = "another" }));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(attempt.Files.Path));
    }

    [Theory, BothRuntimes]
    public async Task Cpu_time_and_peak_memory_are_the_trees(SupervisorRuntime runtime)
    {
        await using var node = new NodeFixture(runtime);
        var end = await (await node.StartShellAsync("i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done")).EndAsync();
        Assert.True(end.UserCpuMs >= 50, $"{end}");
        Assert.True(end.MaxRssKb >= 500, $"{end}");
    }
}
