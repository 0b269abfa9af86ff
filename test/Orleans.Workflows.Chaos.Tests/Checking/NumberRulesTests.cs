using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Tests.Checking;

/// <summary>Transcripts and numbers that do not come from each other.</summary>
public sealed class NumberRulesTests : PlantedTests
{
    [Fact]
    public async Task A_gap_in_a_transcript_is_wrong()
    {
        await ExecuteAsync($"update transcripts set byte_offset = byte_offset + 1 where run_id = {History.Completed} and byte_offset > 0");
        await FindsAsync(ViolationKind.WrongNumbers, History.Completed);
    }

    [Fact]
    public async Task A_transcript_shorter_than_what_was_read_is_wrong()
    {
        await ExecuteAsync($"update attempts set stderr_offset = 10 where run_id = {History.Completed}");
        await FindsAsync(ViolationKind.WrongNumbers, History.Completed);
    }

    [Fact]
    public async Task A_line_that_stands_twice_in_a_transcript_is_wrong()
    {
        // The same bytes again behind the first ones, with the attempt's offset to fit.
        await ExecuteAsync($"""
            insert into transcripts select run_id, attempt, stream, (select stdout_offset from attempts a where a.run_id = t.run_id) + byte_offset, byte_length, codec, bytes
              from transcripts t where run_id = {History.Completed}
            """);
        await ExecuteAsync($"update attempts set stdout_offset = stdout_offset * 2, agent_turns = 4 where run_id = {History.Completed}");
        await ExecuteAsync($"update runs set agent_turns = 4 where id = {History.Completed}");
        await FindsAsync(ViolationKind.WrongNumbers, History.Completed);
    }

    [Theory]
    [InlineData("turns")]
    [InlineData("agent_turns")]
    [InlineData("tool_calls")]
    [InlineData("input_tokens")]
    [InlineData("output_tokens")]
    [InlineData("cache_read_tokens")]
    [InlineData("cost_usd")]
    public async Task A_number_of_a_run_that_is_not_the_sum_of_its_attempts_is_wrong(string column)
    {
        await UpdateAsync("runs", column, "id");
        await FindsAsync(ViolationKind.WrongNumbers, History.Completed);
    }

    [Theory]
    [InlineData("turns")]
    [InlineData("output_tokens")]
    [InlineData("cost_usd")]
    public async Task Numbers_that_agree_with_each_other_and_not_with_the_transcript_are_wrong(string column)
    {
        await UpdateAsync("runs", column, "id");
        await UpdateAsync("attempts", column, "run_id");
        await FindsAsync(ViolationKind.WrongNumbers, History.Completed);
    }

    [Fact]
    public async Task A_sum_over_a_gap_that_does_not_say_so_is_wrong()
    {
        await ExecuteAsync($"update runs set usage_incomplete = false where id = {History.Recovered}");
        await FindsAsync(ViolationKind.WrongNumbers, History.Recovered);
    }

    [Fact]
    public async Task Rows_of_usage_that_come_to_another_sum_than_the_run_are_wrong()
    {
        await ExecuteAsync($"update usage_events set input_tokens = input_tokens + 1 where run_id = {History.Completed}");
        await FindsAsync(ViolationKind.WrongNumbers, History.Completed);
    }

    private Task UpdateAsync(string table, string column, string id) =>
        ExecuteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create($"update {table} set {column} = {column} + 1 where {id} = {{0}}", History.Completed));
}
