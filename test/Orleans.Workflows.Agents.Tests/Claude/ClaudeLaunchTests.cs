using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Agents.Tests.Claude;

public sealed class ClaudeLaunchTests
{
    private const string Secret = "sk-ant-secret";
    private readonly TestMachine _machine = new();

    private static AgentLaunch Launch { get; } = new()
    {
        AttemptKey = "run/1",
        PromptId = Guid.Parse("018f0000-0000-7000-8000-000000000001"),
        Prompt = "--do this\nand \"that\"",
        SystemPrompt = "be brief",
        Model = "claude-opus-5-5",
        MaxTurns = 7,
        BudgetUsd = 1.50m,
        AllowedTools = ["Bash(git log:*)", "Edit"],
        DisallowedTools = ["WebFetch"],
        McpConfig = """{"mcpServers":{"x":{"env":{"TOKEN":"hidden"}}}}""",
        OutputSchema = """{"type":"object"}""",
        SessionId = Guid.Parse("018f0000-0000-4000-8000-000000000002"),
        AgentHome = "/data/h",
        WorkingDirectory = "/work",
        Environment = new Dictionary<string, string> { ["ANTHROPIC_API_KEY"] = Secret },
    };

    [Fact]
    public void The_command_line_holds_no_prompt_and_no_secret_and_one_token_a_flag()
    {
        var plan = Build(Launch);

        Assert.Null(plan.Failure);
        Assert.Null(plan.Warning);
        Assert.Equal(("/bin/claude", "2.1.330", true), (plan.Program, plan.Version, plan.KeepInputOpen));
        Assert.Equal(
            [
                "--print", "--input-format=stream-json", "--output-format=stream-json", "--verbose", "--replay-user-messages",
                "--session-id=018f0000-0000-4000-8000-000000000002", "--include-partial-messages", "--strict-mcp-config",
                "--model=claude-opus-5-5", "--max-turns=7", "--max-budget-usd=1.50", "--allowedTools=Bash(git log:*),Edit",
                "--disallowedTools=WebFetch", "--json-schema={\"type\":\"object\"}", "--mcp-config=/data/h/config/orleans-workflows-mcp.json",
                "--append-system-prompt-file=/data/h/config/orleans-workflows-system-prompt.md",
            ],
            plan.Arguments);
        Assert.Equal(["be brief", Launch.McpConfig], plan.Files.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_prompt_is_one_line_on_stdin_with_our_id()
    {
        var input = Build(Launch).Input;

        Assert.Equal(input.Length - 1, Array.IndexOf(input, (byte)'\n'));
        using var message = JsonDocument.Parse(input);
        Assert.Equal("018f0000-0000-7000-8000-000000000001", message.RootElement.GetProperty("uuid").GetString());
        Assert.Equal(Launch.Prompt, message.RootElement.GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public void The_environment_starts_empty()
    {
        var environment = Build(Launch with { Environment = new Dictionary<string, string> { ["ANTHROPIC_API_KEY"] = Secret, ["LANG"] = "de", ["ORLEANS_WORKFLOWS_RUN"] = "other" } }).Environment;

        Assert.False(environment.ContainsKey("SECRET"));
        Assert.Equal(("/bin", "de", "run/1", Secret), (environment["PATH"], environment["LANG"], environment["ORLEANS_WORKFLOWS_RUN"], environment["ANTHROPIC_API_KEY"]));
        Assert.Equal(("/data/h/home", "/data/h/config", "/data/h/t"), (environment["HOME"], environment["CLAUDE_CONFIG_DIR"], environment["TMPDIR"]));
        Assert.Equal(("1", "3"), (environment["CLAUDE_CODE_DISABLE_BACKGROUND_TASKS"], environment["CLAUDE_CODE_MAX_RETRIES"]));
        Assert.False(environment.ContainsKey("IS_SANDBOX"));
    }

    [Fact]
    public void Bypassing_permissions_as_root_is_possible_and_warned_of()
    {
        _machine.IsRoot = true;
        var plan = Build(Launch with { PermissionMode = "bypassPermissions" });

        Assert.Equal("1", plan.Environment["IS_SANDBOX"]);
        Assert.Contains("root", plan.Warning, StringComparison.Ordinal);
        Assert.False(Build(Launch with { PermissionMode = "acceptEdits" }).Environment.ContainsKey("IS_SANDBOX"));
    }

    [Fact]
    public void A_version_outside_the_tested_range_is_warned_of()
    {
        _machine.Told = "2.2.0 (Claude Code)";
        Assert.Contains("2.2.0", Build(Launch).Warning, StringComparison.Ordinal);
        _machine.Told = null;
        Assert.NotNull(Build(Launch).Warning);
    }

    [Fact]
    public void What_the_adapter_sets_or_a_key_depends_on_is_not_a_callers_to_set()
    {
        var adapter = AgentCatalog.Shipped(_machine).Find("claude")!;
        var options = new Dictionary<string, string> { ["apiTimeoutMs"] = "1000", ["backgroundTasks"] = "false" };
        // How a program speaks is nobody's secret.
        var own = Build(Launch with { Options = options }).Environment.Keys.Except(["LANG", "LC_ALL", "TERM", "TZ"]).ToList();

        Assert.Contains("CLAUDE_CONFIG_DIR", own);
        Assert.All(own, name => Assert.True(adapter.Reserves(name), name));
        Assert.All(new[] { "ANTHROPIC_BASE_URL", "HTTPS_PROXY", "https_proxy", "NODE_EXTRA_CA_CERTS", "LD_PRELOAD", "IS_SANDBOX" }, name => Assert.True(adapter.Reserves(name), name));
        Assert.All(new[] { "LANG", "MY_SETTING", "GIT_AUTHOR_NAME" }, name => Assert.False(adapter.Reserves(name), name));
    }

    [Fact]
    public void A_resumed_session_is_named_in_one_token() =>
        Assert.Contains("--resume=018f0000-0000-4000-8000-000000000002", Build(Launch with { Resume = true }).Arguments);

    [Fact]
    public void The_temporary_directory_leaves_room_for_the_agents_socket()
    {
        var plan = Build(Launch with { AgentHome = "/" + new string('d', 100) });

        Assert.InRange(Encoding.UTF8.GetByteCount(plan.Environment["TMPDIR"] + "/cc-socks/4194304.sock"), 1, 107);
        Assert.Contains(plan.Environment["TMPDIR"], plan.Directories);
        Assert.NotNull(plan.Warning);
    }

    [Fact]
    public void The_program_is_found_by_setting_then_path_then_known_places()
    {
        _machine.Programs.Add("/opt/c");
        Assert.Equal("/opt/c", Build(Launch with { Binary = "/opt/c" }).Program);
        _machine.Programs.Remove("/bin/claude");
        _machine.Programs.Add("/home/u/.nvm/versions/node/v22/bin/claude");
        Assert.Equal("/home/u/.nvm/versions/node/v22/bin/claude", Build(Launch).Program);
        _machine.Programs.Add("/home/u/.claude/local/claude");
        Assert.Equal("/home/u/.claude/local/claude", Build(Launch).Program);
    }

    public static TheoryData<string, Func<AgentLaunch, AgentLaunch>> Refused => new()
    {
        { "credential", launch => launch with { Environment = new Dictionary<string, string>() } },
        { "prompt", launch => launch with { Prompt = " " } },
        { "permissionMode", launch => launch with { PermissionMode = "yolo" } },
        { "maxTurns", launch => launch with { MaxTurns = 0 } },
        { "budgetUsd", launch => launch with { BudgetUsd = 0 } },
        { "mcpConfig", launch => launch with { McpConfig = "{" } },
        { "outputSchema", launch => launch with { OutputSchema = "[]" } },
        { "allowedTools", launch => launch with { AllowedTools = [""] } },
        { "options.nope", launch => launch with { Options = new Dictionary<string, string> { ["nope"] = "1" } } },
        { "options.maxRetries", launch => launch with { Options = new Dictionary<string, string> { ["maxRetries"] = "99" } } },
        { "binary", launch => launch with { Binary = "/not/there" } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public void What_cannot_start_is_refused_with_its_field_and_a_remedy(string field, Func<AgentLaunch, AgentLaunch> change)
    {
        var failure = Build(change(Launch)).Failure;

        Assert.Equal(field, failure?.Field);
        Assert.NotEmpty(failure!.Remedy!);
    }

    private LaunchPlan Build(AgentLaunch launch) => AgentCatalog.Shipped(_machine).Find("claude")!.BuildLaunch(launch);
}
