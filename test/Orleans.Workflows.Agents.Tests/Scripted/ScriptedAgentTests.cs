using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.Tests.Scripted;

public sealed class ScriptedAgentTests
{
    [Fact]
    public void Without_a_script_it_works_some_turns_on_the_prompt()
    {
        using var run = new ScriptedRun("write a poem");
        run.Until(progress => progress.Results == 1);
        var outcome = run.Finish();

        Assert.Equal(RunStatus.Completed, outcome.Status);
        var progress = run.Parser.Progress;
        Assert.Equal((5, 3, 604, 254, 5_480, 1_200, 0.0108m), (progress.Turns, progress.ToolCalls, progress.Usage.InputTokens, progress.Usage.OutputTokens, progress.Usage.CacheReadTokens, progress.Usage.CacheCreationTokens, progress.Usage.CostUsd));
        Assert.Contains(run.Batch.Events, e => e is AgentMessage { Text: var text } && text.Contains("write a poem", StringComparison.Ordinal));
        Assert.Single(run.Batch.Events.OfType<InputAccepted>());
    }

    [Fact]
    public void Its_journal_tells_start_and_end()
    {
        using var run = new ScriptedRun("""{"steps":[{"text":"x"},{"result":"x"}]}""");
        run.Finish();

        Assert.Equal(["start", "end"], run.Journal.Select(line => line.GetProperty("event").GetString()));
        Assert.All(run.Journal, line => Assert.Equal(("run/1", run.ProcessId), (line.GetProperty("run").GetString(), line.GetProperty("pid").GetInt32())));
        Assert.True(run.Journal[0].GetProperty("bootMs").GetDouble() <= run.Journal[1].GetProperty("bootMs").GetDouble());
    }

    [Fact]
    public void It_plays_a_script_file_with_a_real_command_long_lines_and_repeats()
    {
        using var run = new ScriptedRun(
            "go",
            """
            {"tool":"Bash","run":"echo hi > made.txt; echo out"}
            {"longLine":2000000}
            {"repeat":3,"steps":[{"text":"again"},{"lines":100,"bytes":300}]}
            {"raw":"not json"}
            {"tool":"Bash","denied":true}
            {"result":"ok"}
            """);
        var outcome = run.Finish();

        Assert.Equal((RunStatus.Completed, 1), (outcome.Status, outcome.PermissionDenials));
        Assert.Equal((6, 2, 1), (run.Parser.Progress.Turns, run.Parser.Progress.ToolCalls, run.Parser.Progress.BrokenLines));
        Assert.True(File.Exists(run.FilePath("made.txt")));
        Assert.Equal("out", run.Batch.Events.OfType<ToolFinished>().First().Output);
    }

    [Fact]
    public void An_interrupt_ends_the_turn_and_the_next_message_is_answered()
    {
        using var run = new ScriptedRun("""{"steps":[{"text":"x"},{"hang":true}]}""");
        run.Until(progress => progress.Turns == 1);
        run.Interrupt();
        run.Until(progress => progress.Results == 1);
        Assert.Contains(run.Batch.Events, e => e is TurnEnded { TerminalReason: "aborted_streaming" });
        run.Message("more");
        run.Until(progress => progress.Results == 2);

        Assert.Equal("You said: more", run.Finish().ResultText);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public void An_interrupted_turn_that_nobody_continues_is_interrupted()
    {
        using var run = new ScriptedRun("""{"steps":[{"tool":"Bash","run":"sleep 600"}]}""");
        run.Until(progress => progress.Phase == AgentPhase.Tool);
        run.Interrupt();

        Assert.Equal(ReasonCodes.Interrupted, run.Finish(stopRequested: true).Reason.Code);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public void SIGTERM_ends_it_as_the_real_one()
    {
        using var run = new ScriptedRun("""{"steps":[{"text":"x"},{"hang":"deaf"}]}""");
        run.Until(progress => progress.Turns == 1);
        run.Signal(15);

        Assert.Equal((ReasonCodes.Signaled, 143), (run.Finish().Reason.Code, run.ExitCode));
        Assert.Equal(143, run.Journal[^1].GetProperty("code").GetInt32());
    }

    [Fact]
    public void SIGKILL_leaves_no_end_in_the_journal()
    {
        using var run = new ScriptedRun("""{"steps":[{"ignoreTerm":true},{"text":"x"},{"signal":9}]}""");

        Assert.Equal(ReasonCodes.Signaled, run.Finish().Reason.Code);
        Assert.Single(run.Journal);
    }

    [Theory]
    [InlineData("""{"exit":3}""", ReasonCodes.NoResult)]
    [InlineData("""{"result":"x","isError":true,"apiErrorStatus":529}""", ReasonCodes.Overloaded)]
    [InlineData("""{"result":"x","isError":true,"subtype":"error_max_budget_usd"}""", ReasonCodes.Budget)]
    [InlineData("""{"result":"x"},{"exit":4}""", ReasonCodes.ExitCode)]
    public void A_script_can_fail_in_each_way(string steps, string reason)
    {
        using var run = new ScriptedRun($$"""{"steps":[{"text":"x"},{{steps}}]}""");

        Assert.Equal((RunStatus.Failed, reason), (run.Finish() is var outcome ? outcome.Status : default, outcome.Reason.Code));
    }

    [Fact]
    public void The_maximum_of_turns_holds()
    {
        using var run = new ScriptedRun("""{"steps":[{"repeat":9,"steps":[{"text":"x"}]},{"result":"x"}]}""", maxTurns: 2);

        Assert.Equal(ReasonCodes.MaxTurns, run.Finish().Reason.Code);
        Assert.Equal(2, run.Parser.Progress.Turns);
    }

    [Fact]
    public void A_message_on_stdin_is_answered_inside_the_script()
    {
        using var run = new ScriptedRun("go", """{"steps":[{"text":"x"},{"readStdin":true},{"result":"x"}]}""");
        run.Until(progress => progress.Turns == 1);
        run.Message("mid");
        run.Until(progress => progress.Results == 1);

        Assert.Contains(run.Batch.Events, e => e is AgentMessage { Text: "You said: mid" });
        Assert.Equal(RunStatus.Completed, run.Finish().Status);
    }
}
