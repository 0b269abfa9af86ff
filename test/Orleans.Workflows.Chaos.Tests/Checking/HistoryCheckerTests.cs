using System.Diagnostics;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>Runs that are lost, stuck, started twice, beside each other or beyond a limit, and what they leave behind.</summary>
public sealed class HistoryCheckerTests : PlantedTests
{
    [Fact]
    public async Task A_history_without_a_defect_is_clean() => Assert.Empty(await History.JudgeAsync());

    [Fact]
    public async Task An_accepted_run_that_the_ledger_does_not_know_is_lost()
    {
        var lost = Guid.CreateVersion7();
        History.Accepted.Add(new("key-lost", lost, default));
        await FindsAsync(ViolationKind.Lost, lost);
    }

    [Fact]
    public async Task A_run_that_waits_although_nothing_is_due_is_lost_at_the_end()
    {
        await ExecuteAsync($"update runs set status = 'Queued', ended_at = null, writer_seq = null, waits_for = 'slot' where id = {History.Canceled}");
        History.Accepted.RemoveAll(start => start.Run == History.Canceled);
        History.Accepted.Add(new("key", History.Canceled, TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1)));
        await FindsAsync(ViolationKind.Lost, History.Canceled);
    }

    [Fact]
    public async Task A_completed_run_whose_agent_never_started_is_lost()
    {
        await ExecuteAsync($"update runs set status = 'Completed' where id = {History.Canceled}");
        await FindsAsync(ViolationKind.Lost, History.Canceled);
    }

    [Fact]
    public async Task A_run_past_its_deadline_is_stuck()
    {
        await ExecuteAsync($"update runs set status = 'Waiting', ended_at = null, writer_seq = null, next_deadline = now() - interval '5 minutes' where id = {History.Canceled}");
        await FindsAsync(ViolationKind.Stuck, History.Canceled);
    }

    [Fact]
    public async Task A_run_past_the_bound_that_it_was_accepted_with_is_stuck_whatever_it_waits_for()
    {
        await ExecuteAsync($"update runs set status = 'Waiting', ended_at = null, writer_seq = null, waits_for = 'a person' where id = {History.Canceled}");
        await FindsAsync(ViolationKind.Stuck, History.Canceled);
    }

    [Fact]
    public async Task A_slot_that_an_ended_run_still_occupies_is_stuck()
    {
        await ExecuteAsync($"update attempts set ended_at = null where run_id = {History.Completed}");
        await FindsAsync(ViolationKind.Stuck, History.Completed);
    }

    [Fact]
    public async Task A_lock_that_an_ended_run_still_holds_is_stuck()
    {
        await ExecuteAsync($"insert into locks (name, run_id, attempt, mode, token, acquired_at) values ('l', {History.Completed}, 1, 'Shared', 1, now())");
        await FindsAsync(ViolationKind.Stuck, History.Completed);
    }

    [Fact]
    public async Task Two_agents_of_a_run_at_once_overlap()
    {
        History.AddLife(History.Recovered, 3, 104, 2_400, 2_450, killed: true);
        await History.AddAttemptAsync(History.Recovered, 3, texts: 0, killed: true);
        await ExecuteAsync($"update attempts set turns = null, tool_calls = null, input_tokens = null, cache_read_tokens = null, cache_creation_tokens = null where run_id = {History.Recovered} and number = 3");
        History.Hits.Add(new("agentKill", History.Recovered, null, default, default));
        await FindsAsync(ViolationKind.Overlapping, History.Recovered);
    }

    [Fact]
    public async Task A_second_agent_that_no_fault_explains_was_started_twice()
    {
        History.Hits.Clear();
        await FindsAsync(ViolationKind.StartedTwice, History.Recovered);
    }

    [Fact]
    public async Task A_fault_of_another_node_explains_nothing()
    {
        History.Hits.Clear();
        History.Hits.Add(new("nodeLoss", null, "n3", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));
        await FindsAsync(ViolationKind.StartedTwice, History.Recovered);
    }

    [Fact]
    public async Task A_fault_of_its_node_explains_a_second_agent()
    {
        History.Hits.Clear();
        History.Hits.Add(new("nodeLoss", null, "n1", DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue));
        Assert.Empty(await History.JudgeAsync());
    }

    [Fact]
    public async Task One_attempt_executed_twice_was_started_twice_whatever_hit_it()
    {
        History.AddLife(History.Recovered, 2, 105, 3_000, 3_100);
        await FindsAsync(ViolationKind.StartedTwice, History.Recovered);
    }

    [Fact]
    public async Task An_agent_of_an_attempt_that_the_ledger_does_not_know_was_started_twice()
    {
        History.AddLife(History.Canceled, 1, 105, 3_000, 3_100);
        await FindsAsync(ViolationKind.StartedTwice, History.Canceled);
    }

    [Fact]
    public async Task A_key_that_was_answered_with_two_runs_was_started_twice()
    {
        History.Accepted.Add(new(History.Accepted[0].Key, History.Recovered, default));
        await FindsAsync(ViolationKind.StartedTwice, History.Recovered);
    }

    [Fact]
    public async Task More_agents_of_a_queue_than_its_limit_exceed_it()
    {
        // One on each node, so that no node has more than its slots.
        foreach (var (node, pid) in new[] { ("n1", 201), ("n2", 202), ("n3", 203) })
        {
            await AddRunAsync(node, pid);
        }

        await FindsAsync(ViolationKind.LimitExceeded, null);
    }

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    public async Task Two_agents_at_once_with_the_same_label_exceed_a_limit_of_one(string first, string second, bool exceeds)
    {
        foreach (var (node, pid, value) in new[] { ("n1", 201, first), ("n2", 202, second) })
        {
            var (run, labels) = (await AddRunAsync(node, pid), $"{{\"resource\":\"{value}\"}}");
            await ExecuteAsync($"update runs set labels = {labels} where id = {run}");
        }

        if (!exceeds)
        {
            Assert.Empty(await History.JudgeAsync());
            return;
        }

        await FindsAsync(ViolationKind.LimitExceeded, null);
    }

    [Theory]
    [InlineData("Exclusive", "Shared", "a", true)]
    [InlineData("Shared", "Exclusive", "a", true)]
    [InlineData("Shared", "Shared", "a", false)]
    [InlineData("Exclusive", "Exclusive", "b", false)]
    public async Task Two_agents_at_once_of_what_one_of_them_locks_alone_break_the_lock(string first, string second, string other, bool breaks)
    {
        var late = Guid.Empty;
        foreach (var (node, pid, name, mode) in new[] { ("n1", 201, "a", first), ("n2", 202, other, second) })
        {
            late = await AddRunAsync(node, pid);
            var demand = $$"""{"locks":[{"name":"{{name}}","mode":"{{mode}}"}]}""";
            await ExecuteAsync($"update runs set demand = {demand} where id = {late}");
        }

        if (!breaks)
        {
            Assert.Empty(await History.JudgeAsync());
            return;
        }

        await FindsAsync(ViolationKind.LimitExceeded, late);
    }

    [Fact]
    public async Task More_agents_of_a_node_than_its_slots_exceed_them()
    {
        for (var pid = 201; pid <= 203; pid++)
        {
            await AddRunAsync("n1", pid);
        }

        await ExecuteAsync($"update attempts set queue = 'wide'");
        await FindsAsync(ViolationKind.LimitExceeded, null);
    }

    [Fact]
    public async Task A_process_with_an_ended_run_s_marker_is_leaked()
    {
        var start = new ProcessStartInfo("/bin/sleep", ["600"]);
        start.Environment["ORLEANS_WORKFLOWS_RUN"] = $"{History.Completed:N}/1";
        using var left = Process.Start(start)!;
        try
        {
            // Until it is executed its environment is that of this process.
            await WaitFor.Condition(() => File.ReadAllText($"/proc/{left.Id}/comm").StartsWith("sleep", StringComparison.Ordinal), () => $"pid {left.Id}", cancellationToken: TestContext.Current.CancellationToken);
            await FindsAsync(ViolationKind.LeakedProcesses, History.Completed);
        }
        finally
        {
            left.Kill();
            await left.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_process_that_holds_an_attempt_s_files_is_leaked()
    {
        var file = Path.Combine(History.StateDirectory, "attempts", "held");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        using var left = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 3<\"$0\"; exec sleep 600", file]))!;
        try
        {
            await WaitFor.Condition(() => File.ReadAllText($"/proc/{left.Id}/comm").StartsWith("sleep", StringComparison.Ordinal), () => $"pid {left.Id}", cancellationToken: TestContext.Current.CancellationToken);
            await FindsAsync(ViolationKind.LeakedProcesses, null);
        }
        finally
        {
            left.Kill();
            await left.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task An_attempt_that_the_ledger_calls_leaked_is_leaked()
    {
        await ExecuteAsync($"update attempts set leaked = true where run_id = {History.Completed}");
        await FindsAsync(ViolationKind.LeakedProcesses, History.Completed);
    }

    [Theory]
    [InlineData("attempts", "{0:N}-1")]
    [InlineData("homes", "{0:N}")]
    [InlineData("workspaces", "{0:D}")]
    public async Task A_directory_of_a_run_that_ended_long_ago_is_leaked(string folder, string name)
    {
        Directory.CreateDirectory(Path.Combine(History.StateDirectory, folder, string.Format(null, name, History.Completed)));
        await FindsAsync(ViolationKind.LeakedFiles, History.Completed);
    }

    [Fact]
    public async Task A_directory_of_a_run_that_can_still_be_continued_is_none()
    {
        await ExecuteAsync($"update runs set continue_until = now() + interval '1 hour' where id = {History.Completed}");
        Directory.CreateDirectory(Path.Combine(History.StateDirectory, "homes", $"{History.Completed:N}"));
        Assert.Empty(await History.JudgeAsync());
    }

    private async Task<Guid> AddRunAsync(string node, int pid)
    {
        var run = Guid.CreateVersion7();
        await History.AddRunAsync(run, "Completed", turns: 2, output: 40, cost: 0.0016m);
        await History.AddAttemptAsync(run, 1, texts: 2, node: node);
        History.AddLife(run, 1, pid, 5_000 + pid, 6_000);
        return run;
    }
}
