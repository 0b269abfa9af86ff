using System.Text;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.Tests.StreamJson;

public sealed class UsageTests
{
    private static readonly IAgentAdapter Claude = AgentCatalog.Shipped().Find("claude")!;

    [Fact]
    public void A_killed_attempt_knows_the_output_of_the_messages_that_ended()
    {
        var (progress, rows) = Read(
            AgentBaseline.None,
            """{"type":"stream_event","event":{"type":"message_start","message":{"id":"m1","model":"opus","usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":0,"output_tokens":1}}},"parent_tool_use_id":null}""",
            """{"type":"assistant","message":{"id":"m1","model":"opus","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":0,"output_tokens":1}},"parent_tool_use_id":null}""",
            """{"type":"stream_event","event":{"type":"message_delta","delta":{},"usage":{"output_tokens":77}},"parent_tool_use_id":null}""",
            """{"type":"stream_event","event":{"type":"message_start","message":{"id":"m2","model":"opus","usage":{"input_tokens":3,"output_tokens":1}}},"parent_tool_use_id":null}""");

        Assert.Equal(new TokenUsage { InputTokens = 13, OutputTokens = 77, CacheReadTokens = 5, CacheCreationTokens = 0 }, progress.Usage);
        Assert.Equal(1, progress.Turns);
        Assert.Equal(["m1", "m2"], rows.Select(row => row.MessageId));
    }

    [Fact]
    public void A_result_counts_sub_agents_and_gives_only_what_no_message_told()
    {
        var (progress, rows) = Read(
            AgentBaseline.None,
            """{"type":"assistant","message":{"id":"m1","model":"opus-20260401","content":[],"usage":{"input_tokens":10}},"parent_tool_use_id":null}""",
            """{"type":"assistant","message":{"id":"s1","model":"haiku","content":[],"usage":{"input_tokens":4}},"parent_tool_use_id":"toolu_1"}""",
            """{"total_cost_usd":0.3,"modelUsage":{"opus[1m]":{"inputTokens":10,"outputTokens":6,"costUSD":0.1},"haiku":{"inputTokens":9,"outputTokens":2,"costUSD":0.2}},"num_turns":1,"is_error":false,"subtype":"success","uuid":"u","type":"result"}""");

        Assert.Equal(1, progress.Turns);
        Assert.Equal((19, 8, 0.3m), (progress.Usage.InputTokens, progress.Usage.OutputTokens, progress.Usage.CostUsd));
        Assert.Equal((10, 6, 0.1m), (progress.Models["opus"].InputTokens, progress.Models["opus"].OutputTokens, progress.Models["opus"].CostUsd));
        Assert.Equal("toolu_1", rows[1].ParentToolUseId);
        Assert.Equal((0, 5), (rows[2].Usage.InputTokens, rows[3].Usage.InputTokens));
        Assert.Equal(["result:0:u/opus", "result:0:u/haiku"], rows.Skip(2).Select(row => row.MessageId));
    }

    [Fact]
    public void A_resumed_session_that_counts_on_is_charged_only_for_what_is_new()
    {
        var baseline = new AgentBaseline { CostUsd = 0.0016m, ApiMs = 100, Models = new Dictionary<string, TokenUsage> { ["claude-opus-5-5"] = new() { InputTokens = 200, OutputTokens = 40, CacheReadTokens = 0, CacheCreationTokens = 0, CostUsd = 0.0016m } } };

        var parser = Claude.CreateParser(baseline, []);
        Feed(parser, Transcript.Bytes("resume-SIGKILL-continue"));

        Assert.Equal((100, 20, 0.0008000000000000002m, 180), (parser.Progress.Usage.InputTokens, parser.Progress.Usage.OutputTokens, parser.Progress.Usage.CostUsd, parser.Progress.ApiMs));
        Assert.Equal(0.0024000000000000002m, parser.Progress.SessionCostUsd);
        Assert.Equal(300, parser.Progress.SessionModels!["claude-opus-5-5"].InputTokens);
    }

    [Fact]
    public void A_resumed_session_that_began_at_zero_and_caught_up_is_charged_in_full()
    {
        // Exactly what the process itself spends: its messages leave nothing of the total for an earlier one.
        var baseline = new AgentBaseline { CostUsd = 0.0016m, Models = new Dictionary<string, TokenUsage> { ["claude-opus-5-5"] = new() { InputTokens = 200, OutputTokens = 40, CacheReadTokens = 0, CacheCreationTokens = 0, CostUsd = 0.0016m } } };

        var parser = Claude.CreateParser(baseline, []);
        Feed(parser, Transcript.Bytes("resume-SIGTERM-resume"));

        Assert.Equal((200, 40, 0.0016m), (parser.Progress.Usage.InputTokens, parser.Progress.Usage.OutputTokens, parser.Progress.Usage.CostUsd));
    }

    [Fact]
    public void A_resumed_session_that_began_at_zero_is_charged_in_full()
    {
        var baseline = new AgentBaseline { CostUsd = 9m, Models = new Dictionary<string, TokenUsage> { ["claude-opus-5-5"] = new() { InputTokens = 9_000 } } };

        var parser = Claude.CreateParser(baseline, []);
        Feed(parser, Transcript.Bytes("resume-SIGTERM-resume"));

        Assert.Equal((200, 40, 0.0016m), (parser.Progress.Usage.InputTokens, parser.Progress.Usage.OutputTokens, parser.Progress.Usage.CostUsd));
    }

    [Fact]
    public void The_agents_own_turns_are_summed_over_results_and_its_model_time_is_not()
    {
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        Feed(parser, Transcript.Bytes("sj-basic"));

        Assert.Equal((2, 2, 81), (parser.Progress.AgentTurns, parser.Progress.Results, parser.Progress.ApiMs));
    }

    [Fact]
    public void Partial_messages_tell_each_messages_own_output_and_acknowledge_the_prompt()
    {
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        var batch = new AgentEventBatch();
        var bytes = Transcript.Bytes("partial");
        foreach (var line in bytes.AsSpan().Split((byte)'\n'))
        {
            parser.Parse(bytes.AsSpan(line), batch);
        }

        Assert.Equal([20, 20, 0], batch.Usage.Select(row => row.Usage.OutputTokens));
        Assert.Equal("018f0000-0000-7000-8000-000000000001", Assert.Single(batch.Events.OfType<InputAccepted>()).Id);
    }

    private static (AgentProgress Progress, List<UsageEntry> Rows) Read(AgentBaseline baseline, params string[] lines)
    {
        var parser = Claude.CreateParser(baseline, []);
        var batch = new AgentEventBatch();
        foreach (var line in lines)
        {
            parser.Parse(Encoding.UTF8.GetBytes(line), batch);
        }

        Assert.Equal(parser.Progress.Usage, batch.Usage.Aggregate(TokenUsage.Unknown, (sum, row) => sum.Add(row.Usage)));
        return (parser.Progress, batch.Usage);
    }

    private static void Feed(IAgentParser parser, byte[] bytes)
    {
        var batch = new AgentEventBatch();
        foreach (var line in bytes.AsSpan().Split((byte)'\n'))
        {
            parser.Parse(bytes.AsSpan(line), batch);
        }
    }
}
