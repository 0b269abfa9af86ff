using System.Text;
using CsCheck;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.Tests.StreamJson;

public sealed class BrokenStreamTests
{
    private static readonly IAgentAdapter Claude = AgentCatalog.Shipped().Find("claude")!;

    [Fact]
    public void Garbage_is_counted_and_the_good_lines_around_it_are_read()
    {
        var good = Transcript.Bytes("ok");
        byte[][] garbage =
        [
            "not json"u8.ToArray(), "{"u8.ToArray(), "{}x"u8.ToArray(), "[1]"u8.ToArray(), "\"s\""u8.ToArray(), "{\"type\":}"u8.ToArray(),
            [0xFF, 0xFE, 0x00], [(byte)'{', 0xFF, (byte)'}'],
            Encoding.UTF8.GetBytes($"{{\"type\":\"assistant\",\"message\":{new string('[', 10_000)}{new string(']', 10_000)}}}"),
        ];
        var mixed = garbage.Aggregate(Array.Empty<byte>(), (all, line) => [.. all, .. line, (byte)'\n']).Concat(good).ToArray();

        var parser = Read(mixed);

        Assert.Equal(garbage.Length, parser.Progress.BrokenLines);
        Assert.Equal(Read(good).Progress.Usage, parser.Progress.Usage);
        Assert.Equal(2, parser.Progress.Turns);
    }

    [Fact]
    public void Nothing_that_an_agent_prints_throws()
    {
        string[] lines =
        [
            """{"type":"unknown_type","x":1}""",
            """{"type":"system","subtype":"not_seen_before"}""",
            """{"type":5,"subtype":[],"message":"x","event":3,"session_id":{},"uuid":null}""",
            """{"type":"assistant"}""",
            """{"type":"assistant","message":null}""",
            """{"type":"assistant","message":{"id":"m","model":"x","content":"text","usage":{"input_tokens":1e999,"cache_read_input_tokens":-5,"cache_creation_input_tokens":99999999999999999999999}}}""",
            """{"type":"assistant","message":{"id":"m2","model":"x\u0000\ud800y","content":[null,5,"x",{"type":"text","text":"a\u0000b\ud800c"},{"type":"tool_use"},{"type":"tool_use","id":"t","name":null,"input":[[[1]]]}]}}""",
            """{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"none","content":[{"type":"text"},{"text":7}]}]}}""",
            """{"type":"stream_event","event":{"type":"message_delta","usage":{"output_tokens":"many"}}}""",
            """{"type":"stream_event"}""",
            """{"type":"result","num_turns":1e10,"total_cost_usd":1e400,"modelUsage":{"m":5,"n":{"inputTokens":-1,"costUSD":1e-40}},"permission_denials":[1,{}],"errors":{"a":1},"result":7}""",
            """{"type":"result","total_cost_usd":79228162514264337593543950335,"modelUsage":[],"duration_api_ms":-3}""",
            """{"type":"rate_limit_event","rate_limit_info":{"resetsAt":1e300,"utilization":"x"}}""",
            """{"type":"control_request","request":7}""",
            """{"type":"system","subtype":"background_tasks_changed","tasks":[{"task_id":3},{}]}""",
            """{"type":"assistant","type":"user","message":{},"message":[]}""",
        ];

        var parser = Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

        Assert.Equal(0, parser.Progress.BrokenLines);
        Assert.NotEmpty(parser.Snapshot());
    }

    [Fact]
    public void A_recorded_stream_with_bytes_changed_at_random_never_throws()
    {
        var bytes = Transcript.Bytes("sj-ctl");
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Array[1, 30].Sample(
            changes =>
            {
                var broken = bytes.ToArray();
                foreach (var (at, value) in changes)
                {
                    broken[at] = value;
                }

                Recording.Of(Claude, broken, [4_096], line => line % 2 == 0);
            },
            iter: 500);
    }

    [Fact]
    public void Text_in_events_holds_neither_nulls_nor_lone_surrogates_and_is_cut()
    {
        var batch = new AgentEventBatch();
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        parser.Parse("""{"message":{"model":"m","content":[{"text":"a\u0000b\ud800c\ud83d\ude00\n","type":"text"}],"id":"x"},"type":"assistant"}"""u8, batch);
        parser.Parse(Encoding.UTF8.GetBytes($$$"""{"type":"assistant","message":{"id":"y","model":"m","content":[{"type":"text","text":"{{{new string('ä', 2_000_000)}}}"}]}}"""), batch);

        var texts = batch.Events.OfType<AgentMessage>().Select(message => message.Text).ToList();
        Assert.Equal("a\uFFFDb\uFFFDc😀\n", texts[0]);
        Assert.Equal(new string('ä', AgentEvent.TextLimit), texts[1]);
    }

    private static IAgentParser Read(byte[] bytes)
    {
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        var batch = new AgentEventBatch();
        foreach (var line in bytes.AsSpan().Split((byte)'\n'))
        {
            parser.Parse(bytes.AsSpan(line), batch);
        }

        return parser;
    }
}
