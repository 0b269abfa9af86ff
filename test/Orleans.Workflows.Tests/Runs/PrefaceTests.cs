using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;
using static Orleans.Workflows.Tests.Runs.RunSamples;

namespace Orleans.Workflows.Tests.Runs;

public sealed class PrefaceTests
{
    private static readonly UnansweredTool Push = new("Bash", """{"command":"git push"}""");

    [Fact]
    public void A_first_attempt_is_told_nothing() => Assert.Null(RunDecisions.OrderOf(Running().State).Preface);

    [Fact]
    public void The_next_attempt_is_told_why_and_which_calls_may_have_had_an_effect()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, Amid(1, Push), Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Again();
        var preface = RunDecisions.OrderOf(run.State).Preface!;
        Assert.Contains("Attempt 1 at this task was cut off before it was done (supervisor_lost: Gone).", preface, StringComparison.Ordinal);
        Assert.Contains("same session", preface, StringComparison.Ordinal);
        Assert.Contains("- Bash {\"command\":\"git push\"}", preface, StringComparison.Ordinal);
        Assert.Contains("may or may not have taken effect", preface, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_attempt_s_first_message_has_an_id_of_its_own()
    {
        var order = RunDecisions.OrderOf(Running().State);
        Assert.Equal(order.Run.Value, order.PromptId);
        Assert.Equal(200, Enumerable.Range(1, 200).Select(attempt => (order with { Attempt = attempt }).PromptId).Distinct().Count());
        Assert.Equal((order with { Attempt = 2 }).PromptId, (order with { Attempt = 2 }).PromptId);
    }

    [Fact]
    public void The_end_s_own_output_counts_and_a_call_that_was_answered_meanwhile_is_not_named()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, Amid(1, Push), Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost, Last = Output(1, 10, 20, turns: 2) }, Options, Start));
        run.Again();
        Assert.DoesNotContain("git push", RunDecisions.OrderOf(run.State).Preface, StringComparison.Ordinal);
    }

    [Fact]
    public void After_the_loss_of_its_node_it_is_told_that_it_begins_fresh()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, Amid(1, Push), Start));
        run.Take(RunDecisions.NodeLost(run.State, 1, TimeSpan.FromMinutes(10), Options, Start));
        run.Again("other");
        var order = RunDecisions.OrderOf(run.State);
        Assert.False(order.Resume);
        Assert.Contains("You begin fresh", order.Preface, StringComparison.Ordinal);
        Assert.Contains("node_lost", order.Preface, StringComparison.Ordinal);
        Assert.Contains("git push", order.Preface, StringComparison.Ordinal);
    }

    [Fact]
    public void An_attempt_on_another_node_has_a_session_of_its_own_unless_storage_is_shared()
    {
        foreach (var shared in new[] { false, true })
        {
            var run = Running();
            run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
            run.Take(RunDecisions.Claim(run.State, GrantOf(run), "other", "b", new() { SharedStorage = shared }, Start));
            var order = RunDecisions.OrderOf(run.State);
            Assert.Equal((shared, shared), (order.Resume, order.SessionId == run.State.Row.SessionId));
        }
    }

    [Fact]
    public void What_stays_in_doubt_is_named_again_until_something_was_done()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, Amid(1, Push), Start));
        run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Again();
        run.Take(RunDecisions.Ended(run.State, End(2, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again();
        Assert.Contains("git push", RunDecisions.OrderOf(run.State).Preface, StringComparison.Ordinal);

        run.Take(RunDecisions.Output(run.State, Output(3, 0, 10, turns: 1), Start));
        run.Take(RunDecisions.Ended(run.State, End(3, RunStatus.Failed) with { Outcome = Lost }, Options, Start));
        run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
        run.Again();
        Assert.DoesNotContain("git push", RunDecisions.OrderOf(run.State).Preface, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_asked_for_a_clean_start_is_told_only_of_what_it_can_not_wipe_out()
    {
        foreach (var calls in new UnansweredTool[][] { [], [Push] })
        {
            var run = Running(attempts: 2, mode: RetryMode.Restart);
            run.Take(RunDecisions.Output(run.State, Amid(1, calls), Start));
            run.Take(RunDecisions.Ended(run.State, End(1, RunStatus.Failed, retryable: true), Options, Start));
            run.Take(RunDecisions.Wake(run.State, Options, run.State.Row.NextDeadline!.Value));
            run.Again();
            Assert.Equal(calls.Length > 0, RunDecisions.OrderOf(run.State).Preface is not null);
        }
    }

    [Fact]
    public void A_continuation_of_a_run_that_was_stopped_amid_a_call_is_told_of_it()
    {
        var run = Running();
        run.Take(RunDecisions.Output(run.State, Amid(1, Push), Start));
        run.Take(RunDecisions.Terminate(run.State, Command(), Options, Start));
        run.Take(RunDecisions.Ended(run.State, Stopped(1), Options, Start));
        var order = Continuations.Order(run.State.Row, new(), retry: false, new("me", "c"), []);
        var next = new TestRun(RunDecisions.Accept(RunId.New(TimeProvider.System), order, Options, Start)).Again();
        var preface = RunDecisions.OrderOf(next.State).Preface;
        Assert.Contains("terminated", preface, StringComparison.Ordinal);
        Assert.Contains("git push", preface, StringComparison.Ordinal);
    }

    [Fact]
    public void However_much_was_open_the_text_is_bounded()
    {
        var before = new EarlierAttempt { Number = 1, Reason = "stuck", Text = new('x', 10_000), Unanswered = [.. Enumerable.Range(0, 500).Select(_ => new UnansweredTool("Bash", new('y', UnansweredTool.InputLimit)))] };
        var text = Preface.OfAttempt(before, resumes: true);
        Assert.InRange(text.Length, 1_000, 5_000);
        Assert.Contains("and 480 more", text, StringComparison.Ordinal);
    }

    private static AttemptOutput Amid(int attempt, params UnansweredTool[] calls)
    {
        var output = Output(attempt, 0, 10, turns: 1, phase: AgentPhase.Tool);
        return output with { Progress = output.Progress with { Unanswered = calls } };
    }
}
