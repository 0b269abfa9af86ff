using System.Text;

namespace Orleans.Workflows.Agents.Tests.StreamJson;

public sealed class PhaseTests
{
    private static readonly IAgentAdapter Claude = AgentCatalog.Shipped().Find("claude")!;

    [Fact]
    public void A_shell_call_is_open_until_its_answer()
    {
        var killed = After("sig-bash-SIGKILL", int.MaxValue);
        Assert.Equal(AgentPhase.Tool, killed.Phase);
        Assert.Equal(["Bash"], killed.OpenTools.Values);
        Assert.Equal(1, killed.Tools["Bash"]);
        var call = Assert.Single(killed.Unanswered);
        Assert.Equal("Bash", call.Name);
        Assert.StartsWith("{\"command\":", call.Input, StringComparison.Ordinal);
        Assert.InRange(call.Input!.Length, 1, UnansweredTool.InputLimit);

        var finished = After("sig-bash-SIGTERM", int.MaxValue);
        Assert.Equal(AgentPhase.Model, finished.Phase);
        Assert.Empty(finished.OpenTools);
        Assert.Empty(finished.Unanswered);
    }

    [Fact]
    public void A_call_that_a_turn_left_open_when_it_ended_in_an_error_stays_unanswered_across_a_snapshot()
    {
        const string Call = """{"type":"assistant","message":{"id":"m1","model":"x","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"push"}}]},"session_id":"s"}""";
        foreach (var isError in new[] { true, false })
        {
            var parser = Claude.CreateParser(AgentBaseline.None, []);
            parser.Parse(Encoding.UTF8.GetBytes(Call), new());
            parser = Claude.CreateParser(AgentBaseline.None, parser.Snapshot());
            parser.Parse(Encoding.UTF8.GetBytes($$"""{"type":"result","subtype":"x","is_error":{{(isError ? "true" : "false")}},"session_id":"s"}"""), new());
            parser = Claude.CreateParser(AgentBaseline.None, parser.Snapshot());
            Assert.Empty(parser.Progress.OpenTools);
            Assert.Equal(isError ? [new UnansweredTool("Bash", """{"command":"push"}""")] : [], parser.Progress.Unanswered);
        }
    }

    [Fact]
    public void A_retry_says_on_what_and_is_over_when_the_model_answers()
    {
        Assert.Equal((AgentPhase.Retrying, "authentication"), Retry("err401", 3));
        Assert.Equal((AgentPhase.Retrying, "rate_limited"), Retry("err429", 3));
        Assert.Equal((AgentPhase.Retrying, "overloaded"), Retry("flaky529", 3));
        Assert.Equal((AgentPhase.Retrying, "api_error"), Retry("hang-default", 3));
        Assert.Equal((AgentPhase.Model, null), Retry("flaky529", 4));
        static (AgentPhase, string?) Retry(string name, int lines) => (After(name, lines).Phase, After(name, lines).RetryingOn);
    }

    [Fact]
    public void A_permission_request_waits_for_a_person() =>
        Assert.Equal(AgentPhase.Person, After("sj-perm-allow", 4).Phase);

    [Fact]
    public void A_background_task_is_counted_until_it_ends()
    {
        var states = Enumerable.Range(1, 10).Select(lines => After("bgtool", lines)).ToList();

        Assert.Contains(states, state => state is { Phase: AgentPhase.Result, BackgroundTasks: 1 });
        Assert.Equal(0, states[^1].BackgroundTasks);
    }

    [Fact]
    public void A_failed_MCP_server_is_a_notice()
    {
        var batch = new AgentEventBatch();
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        parser.Parse(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Transcript.Bytes("mcpdead")).Split('\n')[0]), batch);

        Assert.Equal("failed", Assert.Single(batch.Events.OfType<AgentReady>()).McpServers!["orch"]);
        Assert.Contains("orch", Assert.Single(batch.Events.OfType<AgentNotice>()).Text, StringComparison.Ordinal);
    }

    private static AgentProgress After(string name, int lines)
    {
        var parser = Claude.CreateParser(AgentBaseline.None, []);
        var batch = new AgentEventBatch();
        foreach (var line in Encoding.UTF8.GetString(Transcript.Bytes(name)).Split('\n').Take(lines))
        {
            parser.Parse(Encoding.UTF8.GetBytes(line), batch);
        }

        return parser.Progress;
    }
}
