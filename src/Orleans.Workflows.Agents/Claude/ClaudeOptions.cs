using System.Globalization;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Agents.Claude;

/// <summary>What a workflow's <c>options</c> may say for the <c>claude</c> agent.</summary>
internal sealed record ClaudeOptions
{
    /// <summary>
    /// <c>partialMessages</c>, default true: the CLI prints the model's stream as it comes. Without it a long answer is minutes
    /// of silence that look like a hang, and a killed attempt's output tokens stay unknown. It costs a line of about 300 bytes
    /// for every few tokens, which the parser reads at a million a second; <c>false</c> keeps transcripts small.
    /// </summary>
    public bool PartialMessages { get; init; } = true;

    /// <summary><c>maxRetries</c>, default 3, 0 to 15: the CLI's own retries (about 4 s). Longer waits are the engine's, which survive a crash and free the slot.</summary>
    public int MaxRetries { get; init; } = 3;

    /// <summary><c>backgroundTasks</c>, default false: with it a shell that the agent left running keeps the process for up to ten minutes after its result.</summary>
    public bool BackgroundTasks { get; init; }

    /// <summary><c>bare</c>, default false: <c>--bare</c>, no CLAUDE.md, hooks or plugins of the repository.</summary>
    public bool Bare { get; init; }

    /// <summary><c>settingSources</c>, default all: <c>user,project,local</c> or a part; empty for none, so that hooks of an untrusted repository do not run.</summary>
    public string? SettingSources { get; init; }

    /// <summary><c>repositoryMcp</c>, default false: also start the servers of the repository's own <c>.mcp.json</c>.</summary>
    public bool RepositoryMcp { get; init; }

    /// <summary><c>fallbackModel</c>: the model to take while the first is overloaded.</summary>
    public string? FallbackModel { get; init; }

    /// <summary><c>effort</c>: as the CLI's flag.</summary>
    public string? Effort { get; init; }

    /// <summary><c>apiTimeoutMs</c>, default the CLI's own: 1,000 to 3,600,000.</summary>
    public int? ApiTimeoutMs { get; init; }

    public static (ClaudeOptions Options, Failure? Failure) Read(IReadOnlyDictionary<string, string> options)
    {
        var read = new ClaudeOptions();
        foreach (var (name, value) in options)
        {
            var next = (name, value) switch
            {
                ("partialMessages", _) when bool.TryParse(value, out var flag) => read with { PartialMessages = flag },
                ("maxRetries", _) when Number(value, 0, 15) is { } number => read with { MaxRetries = number },
                ("backgroundTasks", _) when bool.TryParse(value, out var flag) => read with { BackgroundTasks = flag },
                ("bare", _) when bool.TryParse(value, out var flag) => read with { Bare = flag },
                ("settingSources", _) when value.Length == 0 || value.Split(',').All(source => source is "user" or "project" or "local") => read with { SettingSources = value },
                ("repositoryMcp", _) when bool.TryParse(value, out var flag) => read with { RepositoryMcp = flag },
                ("fallbackModel", { Length: > 0 }) => read with { FallbackModel = value },
                ("effort", { Length: > 0 }) => read with { Effort = value },
                ("apiTimeoutMs", _) when Number(value, 1_000, 3_600_000) is { } number => read with { ApiTimeoutMs = number },
                _ => null,
            };
            if (next is null)
            {
                return (read, Failure.Invalid(
                    $"options.{name}",
                    $"The claude agent has no option '{name}' with the value '{value}'.",
                    "Options are partialMessages, backgroundTasks, bare, repositoryMcp (true or false), maxRetries (0 to 15), apiTimeoutMs (1000 to 3600000), settingSources (user,project,local), fallbackModel, effort."));
            }

            read = next;
        }

        return (read, null);
    }

    private static int? Number(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
