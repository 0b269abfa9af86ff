using System.Text;
using System.Text.Json;
using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Agents.StreamJson;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Agents.Claude;

/// <summary>Builds the command line, environment and files of one <c>claude</c> process.</summary>
internal static class ClaudeLaunch
{
    private static readonly string[] Credentials = ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"];

    // Its settings, its credentials and where they go: who chooses the address or the certificates gets the key.
    private static readonly string[] ReservedPrefixes = ["ANTHROPIC_", "CLAUDE_", "DISABLE_", "NODE_", "AWS_", "GOOGLE_", "VERTEX_", "SSL_CERT_"];
    private static readonly string[] Reserved = ["TMPDIR", "API_TIMEOUT_MS", "IS_SANDBOX", "XDG_CONFIG_HOME"];
    private static readonly string[] PermissionModes = ["default", "acceptEdits", "plan", "dontAsk", "auto", "bypassPermissions"];

    // Linux refuses one argument of 128 KiB; 10 MB on stdin made the CLI exit with 1, 1 MB is fine.
    private const int LongestArgument = 100 * 1024;
    private const int LongestPrompt = 8 * 1024 * 1024;

    public static LaunchPlan Build(IAgentMachine machine, AgentLaunch launch)
    {
        var (options, failure) = ClaudeOptions.Read(launch.Options);
        var (program, notFound) = ClaudeBinary.Find(machine, launch.Binary);
        if ((failure ?? Check(launch) ?? notFound) is { } refusal)
        {
            return LaunchPlan.Impossible(refusal);
        }

        var home = ClaudeHome.Of(launch.AgentHome);
        var files = Files(launch, home);
        var isRootBypass = machine.IsRoot && launch.PermissionMode == "bypassPermissions";
        var version = ClaudeBinary.Version(machine, program!);
        string?[] warnings =
        [
            ClaudeBinary.Warning(version),
            isRootBypass ? "The agent runs as root without permission checks (IS_SANDBOX=1 is set): run the server as another user." : null,
            home.Warning,
        ];
        return new LaunchPlan
        {
            Program = program!,
            Arguments = Arguments(launch, options, files),
            Environment = LaunchEnvironment.Build(machine, launch, Own(home, options, isRootBypass)),
            Input = StreamJsonInput.Message(launch.PromptId, launch.FirstMessage),
            KeepInputOpen = true,
            Directories = [home.Home, home.Config, home.Temp],
            Files = files.ToDictionary(file => file.Path, file => file.Text),
            Version = version,
            Warning = string.Join(' ', warnings.Where(warning => warning is not null)) is { Length: > 0 } warning ? warning : null,
        };
    }

    public static bool Reserves(string variable) =>
        LaunchEnvironment.Reserves(variable)
        || Reserved.Contains(variable)
        || ReservedPrefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal))
        || variable.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);

    private static Failure? Check(AgentLaunch launch)
    {
        if (!Credentials.Any(name => launch.Environment.TryGetValue(name, out var value) && value.Length > 0))
        {
            return Failure.Invalid(
                "credential",
                "The claude agent needs a credential and the workflow gives none.",
                $"Give one of {string.Join(", ", Credentials)} in the workflow's credential or environment, by fromEnv or fromFile.");
        }

        if (string.IsNullOrWhiteSpace(launch.Prompt))
        {
            return Failure.Invalid("prompt", "The prompt is empty.", "Give the agent something to do.");
        }

        if (Encoding.UTF8.GetByteCount(launch.Prompt) > LongestPrompt)
        {
            return Failure.Invalid("prompt", $"The prompt is longer than {LongestPrompt} bytes.", "Put the material in a file of the workspace and name it in the prompt.");
        }

        if (launch.PermissionMode is { } mode && !PermissionModes.Contains(mode))
        {
            return Failure.Invalid("permissionMode", $"There is no permission mode '{mode}'.", $"Use one of {string.Join(", ", PermissionModes)}.");
        }

        if (launch.MaxTurns is < 1 || launch.BudgetUsd is <= 0)
        {
            return launch.MaxTurns is < 1
                ? Failure.Invalid("maxTurns", "The maximum number of turns is below 1.", "Give 1 or more, or none for no limit.")
                : Failure.Invalid("budgetUsd", "The budget is not above zero.", "Give a positive amount, or none for no limit.");
        }

        return Json("mcpConfig", launch.McpConfig) ?? Json("outputSchema", launch.OutputSchema)
            ?? Tools("allowedTools", launch.AllowedTools) ?? Tools("disallowedTools", launch.DisallowedTools);
    }

    private static Failure? Json(string field, string? text)
    {
        if (text is null)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? Failure.Invalid(field, $"{field} is not a JSON object.", "Give a JSON object.")
                : field == "outputSchema" && text.Length > LongestArgument
                    ? Failure.Invalid(field, $"The schema is longer than {LongestArgument} characters.", "Make it shorter: it stands on the agent's command line.")
                    : null;
        }
        catch (JsonException error)
        {
            return Failure.Invalid(field, $"{field} is not JSON: {error.Message}", "Give a JSON object.");
        }
    }

    private static Failure? Tools(string field, IReadOnlyList<string> tools) =>
        tools.Any(tool => string.IsNullOrWhiteSpace(tool) || tool.AsSpan().IndexOfAny('\0', '\n') >= 0)
            ? Failure.Invalid(field, $"{field} has an empty name or one with a line break.", "Name each tool as the agent does: Bash(git log:*).")
            : tools.Sum(tool => tool.Length + 1) > LongestArgument
                ? Failure.Invalid(field, $"{field} is longer than {LongestArgument} characters.", "Name fewer tools.")
                : null;

    private static List<(string Flag, string Path, string Text)> Files(AgentLaunch launch, ClaudeHome home)
    {
        var files = new List<(string, string, string)>();
        if (launch.McpConfig is { } servers)
        {
            files.Add(("--mcp-config", Path.Join(home.Config, "orleans-workflows-mcp.json"), servers));
        }

        if (!string.IsNullOrEmpty(launch.SystemPrompt))
        {
            files.Add(("--append-system-prompt-file", Path.Join(home.Config, "orleans-workflows-system-prompt.md"), launch.SystemPrompt));
        }

        return files;
    }

    // Each flag is one token with its value: in two, a value that begins with a dash becomes a flag, and a list flag eats
    // whatever stands behind it.
    private static List<string> Arguments(AgentLaunch launch, ClaudeOptions options, List<(string Flag, string Path, string Text)> files)
    {
        List<string> arguments =
        [
            "--print", "--input-format=stream-json", "--output-format=stream-json", "--verbose", "--replay-user-messages",
            $"{(launch.Resume ? "--resume" : "--session-id")}={launch.SessionId:D}",
        ];
        Add(options.PartialMessages, "--include-partial-messages");
        Add(options.Bare, "--bare");
        Add(!options.RepositoryMcp, "--strict-mcp-config");
        AddValue("--model", launch.Model);
        AddValue("--fallback-model", options.FallbackModel);
        AddValue("--effort", options.Effort);
        AddValue("--max-turns", launch.MaxTurns?.ToString());
        AddValue("--max-budget-usd", launch.BudgetUsd is { } budget ? JsonText.Invariant(budget) : null);
        AddValue("--permission-mode", launch.PermissionMode);
        AddValue("--setting-sources", options.SettingSources);
        AddValue("--allowedTools", launch.AllowedTools.Count > 0 ? string.Join(',', launch.AllowedTools) : null);
        AddValue("--disallowedTools", launch.DisallowedTools.Count > 0 ? string.Join(',', launch.DisallowedTools) : null);
        AddValue("--json-schema", launch.OutputSchema);
        arguments.AddRange(files.Select(file => $"{file.Flag}={file.Path}"));
        return arguments;

        void Add(bool given, string flag)
        {
            if (given)
            {
                arguments.Add(flag);
            }
        }

        void AddValue(string flag, string? value)
        {
            if (value is not null)
            {
                arguments.Add($"{flag}={value}");
            }
        }
    }

    private static Dictionary<string, string> Own(ClaudeHome home, ClaudeOptions options, bool isRootBypass)
    {
        var own = new Dictionary<string, string>
        {
            ["HOME"] = home.Home,
            ["CLAUDE_CONFIG_DIR"] = home.Config,
            ["TMPDIR"] = home.Temp,
            ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1",
            ["DISABLE_TELEMETRY"] = "1",
            ["DISABLE_ERROR_REPORTING"] = "1",
            ["DISABLE_AUTOUPDATER"] = "1",
            ["CLAUDE_CODE_DISABLE_AUTO_MEMORY"] = "1",
            ["CLAUDE_CODE_DISABLE_CRON"] = "1",
            ["CLAUDE_CODE_DISABLE_TERMINAL_TITLE"] = "1",
            ["CLAUDE_CODE_EMIT_SESSION_STATE_EVENTS"] = "1",
            ["CLAUDE_CODE_STARTUP_FAILURE_RESULTS"] = "1",
            ["CLAUDE_CODE_MAX_RETRIES"] = options.MaxRetries.ToString(),
        };
        if (!options.BackgroundTasks)
        {
            own["CLAUDE_CODE_DISABLE_BACKGROUND_TASKS"] = "1";
        }

        if (options.ApiTimeoutMs is { } timeout)
        {
            own["API_TIMEOUT_MS"] = timeout.ToString();
        }

        if (isRootBypass)
        {
            own["IS_SANDBOX"] = "1";
        }

        return own;
    }
}
