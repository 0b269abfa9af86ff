using System.Text;
using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Agents.Command;

/// <summary>
/// Any program. It gets the prompt on stdin, which is then closed; exit code 0 is success, any other is <c>exit_code</c>. Its
/// last output is the result text. With the option <c>output: jsonl</c> it may report more: see <see cref="CommandParser"/>.
/// </summary>
internal sealed class CommandAdapter(IAgentMachine machine) : IAgentAdapter
{
    public const string AgentName = "command";
    private const string JsonLines = "jsonl";

    public string Name => AgentName;

    public AgentCapabilities Capabilities { get; } = new()
    {
        // A program of any kind may be silent for as long as its work takes: only the run's own time limit ends it.
        FirstOutput = TimeSpan.FromDays(365),
        ModelSilence = TimeSpan.FromDays(365),
        ToolSilence = TimeSpan.FromDays(365),
        ExitAfterResult = TimeSpan.FromDays(365),
        BackgroundTasks = TimeSpan.FromDays(365),
    };

    public LaunchPlan BuildLaunch(AgentLaunch launch)
    {
        foreach (var (name, value) in launch.Options)
        {
            if (name != "output" || value is not (JsonLines or "text"))
            {
                return LaunchPlan.Impossible(Failure.Invalid($"options.{name}", $"The command agent has no option '{name}' with the value '{value}'.", "Its only option is output: text or jsonl."));
            }
        }

        if (launch.Command is not [{ Length: > 0 } command, ..])
        {
            return LaunchPlan.Impossible(Failure.Invalid("command", "The workflow names no command to run.", "Give command as a list: the program, then its arguments."));
        }

        if (launch.Command.Any(argument => argument.Contains('\0', StringComparison.Ordinal)))
        {
            return LaunchPlan.Impossible(Failure.Invalid("command", "An argument holds U+0000.", "Remove it: no program can receive it."));
        }

        var environment = LaunchEnvironment.Build(machine, launch, [KeyValuePair.Create("HOME", launch.AgentHome)]);
        if (Find(command, environment["PATH"], launch.WorkingDirectory) is not { } program)
        {
            return LaunchPlan.Impossible(Failure.Invalid("command", $"The program '{command}' is not an executable file on PATH or in the workspace.", "Give its absolute path, or make it executable."));
        }

        return new LaunchPlan
        {
            Program = program,
            Arguments = [.. launch.Command.Skip(1)],
            Environment = environment,
            Input = Encoding.UTF8.GetBytes(launch.Prompt),
        };
    }

    public bool Reserves(string variable) => LaunchEnvironment.Reserves(variable);

    public IAgentParser CreateParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot) => new CommandParser(readsJsonLines: false, snapshot);

    public IAgentParser CreateParser(AgentBaseline baseline, ReadOnlySpan<byte> snapshot, IReadOnlyDictionary<string, string> options) =>
        new CommandParser(options.GetValueOrDefault("output") == JsonLines, snapshot);

    public byte[]? EncodeMessage(Guid messageId, string text) => null;

    public byte[]? EncodeInterrupt(Guid commandId) => null;

    public Outcome Classify(AttemptEvidence evidence) => CommandOutcome.Classify(evidence);

    private string? Find(string command, string path, string workingDirectory)
    {
        var places = command.Contains('/', StringComparison.Ordinal)
            ? [Path.GetFullPath(command, workingDirectory)]
            : path.Split(':', StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified).Select(directory => Path.Join(directory, command));
        return places.FirstOrDefault(machine.IsExecutable);
    }
}
