using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>What the ledger has of an agent, against what its model said.</summary>
public sealed class ModelRulesTests : PlantedTests
{
    [Fact]
    public async Task A_message_that_the_model_sent_to_another_run_is_in_the_wrong_transcript()
    {
        History.ModelCalls[1] = History.ModelCalls[1] with { Run = History.Completed };
        await FindsAsync(ViolationKind.WrongNumbers, History.Asked);
    }

    [Theory]
    [InlineData(101, 20)]
    [InlineData(100, 21)]
    [InlineData(99, 20)]
    public async Task Tokens_that_the_model_counts_otherwise_are_wrong(int input, int output)
    {
        History.ModelCalls[0] = History.ModelCalls[0] with { Usage = History.ModelCalls[0].Usage with { Input = input, Output = output } };
        await FindsAsync(ViolationKind.WrongNumbers, History.Asked);
    }

    [Fact]
    public async Task An_answer_that_was_cut_on_its_way_may_count_or_not()
    {
        History.ModelCalls.Add(new(History.Asked, "msg_cut", new(null, null, null, 100, 20, 0, 0, null)));
        Assert.Empty(await History.JudgeAsync());
    }

    [Theory]
    [InlineData(21, true)]
    [InlineData(19, false)]
    public async Task An_agent_whose_line_was_cut_may_count_less_of_its_output_and_never_more(int sent, bool isRight)
    {
        History.Hits.Add(new("modelCut", History.Asked, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
        History.ModelCalls[0] = History.ModelCalls[0] with { Usage = History.ModelCalls[0].Usage with { Output = sent } };
        Assert.Equal(isRight, (await History.JudgeAsync()).Count == 0);
    }

    [Fact]
    public async Task A_completed_run_without_the_model_s_last_answer_has_lost_it()
    {
        await ExecuteAsync($"update runs set result = 'something else' where id = {History.Asked}");
        await FindsAsync(ViolationKind.Lost, History.Asked);
    }
}
