using Orleans.Workflows.Agents.Discovery;

namespace Orleans.Workflows.Agents.Tests;

/// <summary>A machine as a test describes it.</summary>
internal sealed class TestMachine : IAgentMachine
{
    public Dictionary<string, string> Variables { get; } = new() { ["PATH"] = "/bin", ["HOME"] = "/home/u", ["LANG"] = "C.UTF-8", ["SECRET"] = "no" };

    public HashSet<string> Programs { get; } = ["/bin/claude", "/bin/tool", "/app/programs/scripted-agent"];

    public string? Told { get; set; } = "2.1.330 (Claude Code)";

    public bool IsRoot { get; set; }

    public string ProgramDirectory => "/app";

    public string? Variable(string name) => Variables.GetValueOrDefault(name);

    public bool IsExecutable(string path) => Programs.Contains(path);

    public bool FileExists(string path) => Programs.Contains(path);

    public IReadOnlyList<string> Match(string directory, string rest) =>
        [.. Programs.Where(path => path.StartsWith(directory, StringComparison.Ordinal) && path.EndsWith(rest, StringComparison.Ordinal))];

    public string? Version(string program) => Told;
}
