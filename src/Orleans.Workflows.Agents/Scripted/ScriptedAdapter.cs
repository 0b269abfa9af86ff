using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Agents.StreamJson;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Agents.Scripted;

/// <summary>
/// Our own agent that plays a script of stream-json: for demos and tests. The script is a file named in the workflow's command
/// (<c>--script FILE</c>), the option <c>script</c>, or the prompt itself when it is a JSON object with <c>steps</c>; else a
/// few turns are made up from the prompt. The script's format is in the program's <c>Script.cs</c>.
/// </summary>
internal sealed class ScriptedAdapter(IAgentMachine machine) : IAgentAdapter
{
    public const string AgentName = "scripted";
    private const string Program = "scripted-agent";

    public string Name => AgentName;

    public AgentCapabilities Capabilities { get; } = new()
    {
        Messages = true,
        Interrupt = true,
        Resume = true,
        WaitsForStdinClose = true,
        ReportsUsage = true,
    };

    public LaunchPlan BuildLaunch(AgentLaunch launch)
    {
        var unknown = launch.Options.Keys.FirstOrDefault(name => name != "script");
        if (unknown is not null)
        {
            return LaunchPlan.Impossible(Failure.Invalid($"options.{unknown}", $"The scripted agent has no option '{unknown}'.", "Its only option is script: the script's text."));
        }

        if (Find(launch.Binary) is not { } program)
        {
            return LaunchPlan.Impossible(Failure.Invalid("agent", $"The program '{Program}' is not beside the server's program.", "Build the server's project: it stages the program in programs/."));
        }

        var script = launch.Options.TryGetValue("script", out var text) ? Path.Join(launch.AgentHome, "script.json") : null;
        var isLibrary = program.EndsWith(".dll", StringComparison.Ordinal);
        List<string> arguments = isLibrary ? [program] : [];
        arguments.AddRange(launch.Command);
        arguments.AddRange(script is null ? [] : ["--script", script]);
        arguments.AddRange(["--session", launch.SessionId.ToString("D")]);
        arguments.AddRange(launch.Resume ? ["--resume"] : []);
        arguments.AddRange(launch.Model is { } model ? ["--model", model] : []);
        arguments.AddRange(launch.MaxTurns is { } turns ? ["--max-turns", turns.ToString()] : []);
        return new LaunchPlan
        {
            Program = isLibrary ? machine.Variable("DOTNET_HOST_PATH") ?? "/usr/bin/dotnet" : program,
            Arguments = arguments,
            Environment = LaunchEnvironment.Build(machine, launch, Own(launch, isLibrary)),
            Input = StreamJsonInput.Message(launch.PromptId, launch.Prompt),
            KeepInputOpen = true,
            Files = script is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [script] = text! },
            Version = typeof(ScriptedAdapter).Assembly.GetName().Version?.ToString(3),
        };
    }

    public bool Reserves(string variable) => LaunchEnvironment.Reserves(variable) || variable.StartsWith("DOTNET_", StringComparison.Ordinal);

    public IAgentParser CreateParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot) => new StreamJsonParser(baseline, snapshot);

    public byte[] EncodeMessage(Guid messageId, string text) => StreamJsonInput.Message(messageId, text);

    public byte[] EncodeInterrupt(Guid commandId) => StreamJsonInput.Interrupt(commandId);

    public Outcome Classify(AttemptEvidence evidence) => StreamJsonOutcome.Classify(evidence);

    private string? Find(string? setting)
    {
        string[] places = setting is { Length: > 0 }
            ? [setting]
            : [Path.Join(machine.ProgramDirectory, "programs", Program), Path.Join(machine.ProgramDirectory, "programs", Program + ".dll")];
        return Array.Find(places, place => machine.IsExecutable(place) || (place.EndsWith(".dll", StringComparison.Ordinal) && machine.FileExists(place)));
    }

    private IEnumerable<KeyValuePair<string, string>> Own(AgentLaunch launch, bool isLibrary)
    {
        yield return KeyValuePair.Create("HOME", launch.AgentHome);
        if (isLibrary && machine.Variable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            yield return KeyValuePair.Create("DOTNET_ROOT", root);
        }
    }
}
