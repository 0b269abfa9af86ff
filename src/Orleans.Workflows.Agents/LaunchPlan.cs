using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Agents;

/// <summary>A process to start, or the failure that says why there is none.</summary>
public sealed record LaunchPlan
{
    /// <summary>Absolute path of the program.</summary>
    public string Program { get; init; } = "";

    /// <summary>Arguments without the program's name. World-readable on the machine: no prompt, no secret.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment of the child.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Written to stdin first.</summary>
    public byte[] Input { get; init; } = [];

    /// <summary>Stdin stays open after <see cref="Input"/>; the engine closes it.</summary>
    public bool KeepInputOpen { get; init; }

    /// <summary>Directories to create before the start (0700), by absolute path; parents first.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>Files to write before the start (0600), by absolute path inside the agent home.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>The agent's version as found on disk, or null.</summary>
    public string? Version { get; init; }

    /// <summary>What a person should know of this launch: a version outside the tested range, a switched-off safeguard; or null.</summary>
    public string? Warning { get; init; }

    public Failure? Failure { get; init; }

    public static LaunchPlan Impossible(Failure failure) => new() { Failure = failure };
}
