using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Agents.Claude;

/// <summary>Finds the <c>claude</c> program: the setting, then PATH, then the places its installers use.</summary>
internal static class ClaudeBinary
{
    private const string Program = "claude";
    private static readonly Version Oldest = new(2, 1, 197);
    private static readonly Version Newest = new(2, 1, 330);

    public static (string? Path, Failure? Failure) Find(IAgentMachine machine, string? setting)
    {
        if (!string.IsNullOrEmpty(setting))
        {
            return Path.IsPathFullyQualified(setting) && machine.IsExecutable(setting)
                ? (setting, null)
                : (null, Failure.Invalid("binary", $"The claude program '{setting}' is not an executable file.", "Give the absolute path of the claude program."));
        }

        var places = Places(machine).ToList();
        return places.Find(machine.IsExecutable) is { } found
            ? (found, null)
            : (null, Failure.Invalid(
                "agent",
                $"The claude program was not found on PATH or in {string.Join(", ", places.Select(place => Path.GetDirectoryName(place)).Distinct())}.",
                "Install it (npm install -g @anthropic-ai/claude-code) or name its absolute path in the settings."));
    }

    /// <summary>The bare version (<c>2.1.330</c>) of what <c>--version</c> prints (<c>2.1.330 (Claude Code)</c>).</summary>
    public static string? Version(IAgentMachine machine, string path) =>
        machine.Version(path)?.Split(' ', 2)[0] is { Length: > 0 } version ? version : null;

    public static string? Warning(string? version) => version switch
    {
        null => "The claude program did not tell its version.",
        _ when !System.Version.TryParse(version, out var parsed) => $"The claude program's version '{version}' is not understood.",
        _ when System.Version.Parse(version) < Oldest || System.Version.Parse(version) > Newest =>
            $"Claude Code {version} is outside the tested range {Oldest} to {Newest}.",
        _ => null,
    };

    private static IEnumerable<string> Places(IAgentMachine machine)
    {
        foreach (var directory in (machine.Variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Path.IsPathFullyQualified(directory))
            {
                yield return Path.Join(directory, Program);
            }
        }

        yield return "/usr/local/bin/claude";
        yield return "/opt/homebrew/bin/claude";
        if (machine.Variable("HOME") is not { Length: > 0 } home)
        {
            yield break;
        }

        yield return Path.Join(home, ".claude/local/claude");
        yield return Path.Join(home, ".local/bin/claude");
        yield return Path.Join(home, ".npm-global/bin/claude");
        yield return Path.Join(home, ".volta/bin/claude");
        foreach (var found in machine.Match(Path.Join(home, ".nvm/versions/node"), "bin/claude")
            .Concat(machine.Match(Path.Join(home, ".local/share/fnm/node-versions"), "installation/bin/claude")))
        {
            yield return found;
        }
    }
}
