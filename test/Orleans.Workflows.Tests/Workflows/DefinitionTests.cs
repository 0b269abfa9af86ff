using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.Workflows;

public sealed class DefinitionTests
{
    // Stored by version 1. Never edit it: ledgers hold its like for ever.
    private const string Sample =
        """{"agent":"claude","allowedTools":["Read"],"budgetUsd":2.5,"credential":{"name":"claude"},"environment":{"A":{"optional":false,"value":"1"},"B":{"fromEnv":"X","optional":true}},"format":1,"labels":{"team":"a"},"maxTurns":7,"name":"sample","prompt":"Do {{message}}","queue":"default","retry":{"backoffCoefficient":2,"initialInterval":"00:00:10","maximumAttempts":3,"maximumInterval":"00:05:00","mode":"resume"},"timeout":"00:30:00","workspace":{"branch":"x/{{run.short}}","kind":"worktree"}}""";

    [Fact]
    public void A_stored_definition_loads_and_keeps_its_hash()
    {
        var definition = WorkflowDefinition.FromJson(Sample);
        Assert.Equal(Sample, definition.ToJson());
        Assert.Equal(DefinitionFormat.Hash(Sample), definition.Hash());
        Assert.Equal(64, definition.Hash().Length);
        Assert.True(definition.Environment["B"] is { FromEnv: "X", Optional: true });
    }

    [Fact]
    public void The_order_of_names_does_not_change_the_hash_and_any_content_does()
    {
        var one = WorkflowDefinition.FromJson(Sample);
        var two = one with { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } };
        var three = one with { Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } };
        Assert.Equal(two.Hash(), three.Hash());
        Assert.NotEqual(one.Hash(), two.Hash());
        Assert.NotEqual(one.Hash(), (one with { Prompt = "Do  {{message}}" }).Hash());
    }

    [Fact]
    public void Members_of_a_later_version_are_skipped_and_a_later_format_is_refused()
    {
        Assert.Equal("sample", WorkflowDefinition.FromJson(Sample.Replace("\"agent\"", "\"later\":{},\"agent\"", StringComparison.Ordinal)).Name);
        Assert.Throws<System.Text.Json.JsonException>(() => WorkflowDefinition.FromJson(Sample.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal)));
    }

    [Fact]
    public void Retries_wait_longer_each_time_up_to_the_maximum_and_cover_what_they_name()
    {
        var policy = new RetryPolicy { InitialInterval = TimeSpan.FromSeconds(1), MaximumInterval = TimeSpan.FromSeconds(5), Jitter = 0 };
        Assert.Equal([1, 2, 4, 5, 5], new[] { 1, 2, 3, 4, 5_000 }.Select(attempt => policy.DelayAfter(attempt, RunId.New(TimeProvider.System), attempt).TotalSeconds));
        Assert.True(policy.Covers("rate_limited", 1, retryable: true));
        var named = policy with { RetryOn = ["overloaded"], RetryOnExitCodes = [75] };
        Assert.False(named.Covers("rate_limited", 1, retryable: true));
        Assert.True(named.Covers("exit_code", 75, retryable: false));
    }

    [Fact]
    public void What_failed_together_does_not_come_back_together_and_each_pause_is_always_the_same()
    {
        var policy = new RetryPolicy();
        var runs = Enumerable.Range(0, 1_000).Select(_ => RunId.New(TimeProvider.System)).ToArray();
        var pauses = runs.Select(run => policy.DelayAfter(1, run, 1).TotalSeconds).ToArray();
        Assert.All(pauses, pause => Assert.InRange(pause, 8, 12));
        Assert.Equal(pauses, runs.Select(run => policy.DelayAfter(1, run, 1).TotalSeconds));
        Assert.InRange(pauses.Average(), 9.8, 10.2);
        Assert.InRange(pauses.Min(), 8, 8.1);
        Assert.InRange(pauses.Max(), 11.9, 12);
        Assert.NotEqual(policy.DelayAfter(1, runs[0], 1), policy.DelayAfter(1, runs[0], 2));

        // The longest pause too, and never less than none.
        Assert.NotEqual(policy.DelayAfter(500, runs[0], 1), policy.DelayAfter(500, runs[1], 1));
        Assert.All(runs, run => Assert.True((policy with { Jitter = 1 }).DelayAfter(1, run, 1) >= TimeSpan.Zero));
    }

    [Fact]
    public void A_workflow_s_phase_limits_go_before_the_node_s_and_those_before_the_agent_s()
    {
        var limits = new PhaseTimes { ModelSilence = TimeSpan.FromSeconds(1) }.Over(new() { ModelSilence = TimeSpan.FromSeconds(2), ToolSilence = TimeSpan.FromSeconds(3), StepPatience = TimeSpan.FromSeconds(4) });
        var agent = new AgentCapabilities { FirstOutput = TimeSpan.FromSeconds(5) };
        TimeSpan? Of(AgentPhase phase) => limits.Of(new() { Phase = phase }, agent);
        Assert.Equal([1, 3, 5], new[] { AgentPhase.Model, AgentPhase.Tool, AgentPhase.Spawned }.Select(phase => Of(phase)!.Value.TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(4), limits.StepPatience);
    }

    [Theory]
    [InlineData("90s", 90.0)]
    [InlineData("1h30m", 5400.0)]
    [InlineData("2d", 172800.0)]
    [InlineData("00:30:00", 1800.0)]
    [InlineData("1500ms", 1.5)]
    [InlineData("", null)]
    [InlineData("5", null)]
    [InlineData("m", null)]
    [InlineData("-5s", null)]
    [InlineData("99999999d", null)]
    public void Durations_are_read_as_people_write_them(string text, double? seconds)
    {
        Assert.Equal(seconds is not null, Durations.TryParse(text, out var value));
        Assert.Equal(seconds ?? 0, value.TotalSeconds);
    }
}
