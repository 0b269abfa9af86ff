namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>A tool that the model asks the agent to run.</summary>
/// <param name="Name">As the agent offers it: <c>Bash</c>, <c>Write</c>, <c>mcp__server__tool</c>.</param>
/// <param name="Input">Serialised to a JSON object: <c>new { command = "echo hi" }</c>.</param>
public sealed record ModelToolCall(string Name, object Input);
