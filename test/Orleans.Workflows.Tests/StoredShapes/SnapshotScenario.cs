using System.Text;
using Orleans.Workflows.Agents;

namespace Orleans.Workflows.Tests.StoredShapes;

/// <summary>Output after which a parser's snapshot has something of everything.</summary>
internal static class SnapshotScenario
{
    private static readonly string[] StreamJson =
    [
        """{"type":"system","subtype":"init","session_id":"0199c0de-0000-7000-8000-000000000003","model":"claude-opus-5-5","tools":["Bash"],"claude_code_version":"2.1.330"}""",
        """{"type":"assistant","message":{"id":"msg_1","model":"claude-opus-5-5","content":[{"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command":"git push"}}],"usage":{"input_tokens":100,"output_tokens":20,"cache_read_input_tokens":7,"cache_creation_input_tokens":3}},"session_id":"0199c0de-0000-7000-8000-000000000003"}""",
        """{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":1,"duration_api_ms":900,"total_cost_usd":0.01,"result":"stopped","session_id":"0199c0de-0000-7000-8000-000000000003"}""",
        """{"type":"assistant","message":{"id":"msg_2","model":"claude-opus-5-5","content":[{"type":"tool_use","id":"toolu_2","name":"Write","input":{"file_path":"a.txt"}}],"usage":{"input_tokens":110,"output_tokens":25}},"session_id":"0199c0de-0000-7000-8000-000000000003"}""",
        "not JSON",
    ];

    private static readonly string[] Plain = ["one line", """{"type":"usage","inputTokens":5}""", "the last line"];

    public static IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>();

    public static IAgentParser Play(string agent)
    {
        var parser = AgentCatalog.Shipped().Find(agent)!.CreateParser(AgentBaseline.None, [], Options);
        foreach (var line in agent == "command" ? Plain : StreamJson)
        {
            parser.Parse(Encoding.UTF8.GetBytes(line), new());
        }

        return parser;
    }
}
