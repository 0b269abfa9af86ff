using CsCheck;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Stuck;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Execution;

public sealed class StuckDecisionsTests
{
    private static readonly AgentCapabilities Agent = new() { Interrupt = true };
    private static readonly PhaseLimits Limits = new();

    [Fact]
    public void Silence_climbs_step_by_step_and_no_step_is_left_out()
    {
        var now = Evidence(AgentPhase.Model, silence: 330);
        foreach (var step in new[] { StuckStep.Suspect, StuckStep.Interrupt, StuckStep.Terminate })
        {
            Assert.Equal(step, Decide(now).Step);
            now = now with { Step = step, OnStep = Limits.StepPatience };
        }

        Assert.Equal(StuckStep.Terminate, Decide(now).Step);
        Assert.Equal(StuckStep.Kill, Decide(now with { OnStep = TimeSpan.FromMinutes(1) }).Step);
    }

    [Fact]
    public void A_tree_that_works_without_a_word_gets_longer_but_not_for_ever()
    {
        var now = Evidence(AgentPhase.Tool, silence: 15 * 60) with { Step = StuckStep.Suspect, OnStep = Limits.StepPatience, IsBusy = true };
        Assert.Equal(StuckStep.Suspect, Decide(now).Step);
        Assert.Equal(StuckStep.Interrupt, Decide(now with { IsBusy = false }).Step);
        Assert.Equal(StuckStep.Interrupt, Decide(now with { Silence = TimeSpan.FromHours(1) }).Step);
    }

    [Fact]
    public void Who_waits_for_a_person_is_never_stuck() =>
        Assert.Equal(new StuckVerdict(StuckStep.None, null), Decide(Evidence(AgentPhase.Person, silence: 1_000_000)));

    [Fact]
    public void After_its_result_there_is_nothing_to_interrupt_and_background_tasks_have_longer()
    {
        var suspect = Evidence(AgentPhase.Result, silence: 31) with { Step = StuckStep.Suspect, OnStep = Limits.StepPatience };
        Assert.Equal(StuckStep.Terminate, Decide(suspect).Step);
        Assert.Equal(StuckStep.None, Decide(suspect with { Progress = new() { Phase = AgentPhase.Result, BackgroundTasks = 1 } }).Step);
    }

    [Fact]
    public void A_refused_credential_is_not_waited_for() =>
        Assert.Equal(StuckStep.Terminate, Decide(Evidence(AgentPhase.Retrying, silence: 0) with { Progress = new() { Phase = AgentPhase.Retrying, RetryingOn = ReasonCodes.Authentication } }).Step);

    [Fact]
    public void Settings_go_before_what_the_adapter_says()
    {
        var limits = new PhaseLimits { FirstOutput = TimeSpan.FromSeconds(5) };
        Assert.Equal(TimeSpan.FromSeconds(5), limits.Of(new() { Phase = AgentPhase.Spawned }, Agent));
        Assert.Equal(Agent.ModelSilence, limits.Of(new() { Phase = AgentPhase.Model }, Agent));
    }

    /// <summary>Whatever the evidence: who speaks in time is well, no step is skipped upwards, and whoever is not at the end is looked at again.</summary>
    [Fact]
    public void No_evidence_breaks_the_ladder() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2_000], Gen.Int[0, 4], Gen.Int[0, 120], Gen.Bool, Gen.Bool).Sample((phase, silence, step, onStep, busy, interrupts) =>
        {
            var now = new StuckEvidence(new() { Phase = (AgentPhase)phase }, TimeSpan.FromSeconds(silence), (StuckStep)step, TimeSpan.FromSeconds(onStep), busy, interrupts);
            var verdict = Decide(now);
            var limit = Limits.Of(now.Progress, Agent);
            Assert.Equal(limit is null || now.Silence < limit, verdict.Step == StuckStep.None);
            Assert.True(verdict.Step == StuckStep.None || verdict.Step >= now.Step);
            Assert.True(verdict.Step <= now.Step + (interrupts && phase != (int)AgentPhase.Result ? 1 : 2));
            Assert.True(verdict.LookAgainIn > TimeSpan.Zero || limit is null || verdict.Step == StuckStep.Kill);
        });

    [Theory]
    [InlineData(AgentPhase.Spawned, 0, "It has said nothing for 40 s.")]
    [InlineData(AgentPhase.Retrying, 0, "It waits to try the model's service again and has said nothing for 40 s.")]
    [InlineData(AgentPhase.Tool, 0, "It has said nothing for 40 s while a tool runs.")]
    [InlineData(AgentPhase.Result, 2, "It gave its result 40 s ago and 2 background tasks have not ended.")]
    [InlineData(AgentPhase.Result, 0, "It gave its result 40 s ago and has not exited.")]
    [InlineData(AgentPhase.Model, 0, "It waits for the model and has said nothing for 40 s.")]
    public void A_person_is_told_what_it_hangs_in(AgentPhase phase, int tasks, string sentence) =>
        Assert.Equal(sentence, StuckDecisions.Describe(Evidence(phase, silence: 40) with { Progress = new() { Phase = phase, BackgroundTasks = tasks } }));

    [Fact]
    public void A_person_is_told_the_tools_and_the_refused_credential()
    {
        var now = Evidence(AgentPhase.Tool, silence: 40);
        Assert.Contains("while Bash runs", StuckDecisions.Describe(now with { Progress = new() { Phase = AgentPhase.Tool, OpenTools = new Dictionary<string, string> { ["1"] = "Bash" } } }), StringComparison.Ordinal);
        Assert.Contains("credential", StuckDecisions.Describe(now with { Progress = new() { Phase = AgentPhase.Retrying, RetryingOn = ReasonCodes.Authentication } }), StringComparison.Ordinal);
    }

    private static StuckVerdict Decide(StuckEvidence now) => StuckDecisions.Decide(now, Limits, Agent);

    private static StuckEvidence Evidence(AgentPhase phase, int silence) =>
        new(new() { Phase = phase }, TimeSpan.FromSeconds(silence), StuckStep.None, TimeSpan.Zero, IsBusy: false, CanInterrupt: true);
}
