using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Orleans.Workflows.Agents.Discovery;

/// <summary>Builds a child's environment from nothing: an allow-list of the engine's own, the adapter's, then what was declared.</summary>
internal static class LaunchEnvironment
{
    /// <summary>Every process of an attempt inherits it, so that a sweep finds what a lost supervisor left behind.</summary>
    public const string Marker = "ORLEANS_WORKFLOWS_RUN";

    /// <summary>The attempt's fencing token, where it runs under locks.</summary>
    public const string LockToken = "ORLEANS_WORKFLOWS_LOCK_TOKEN";

    /// <summary>The names of its locks, as a JSON array.</summary>
    public const string Locks = "ORLEANS_WORKFLOWS_LOCKS";

    private static readonly string[] Allowed = ["PATH", "LANG", "LC_ALL", "TERM", "TZ"];

    /// <summary>What holds for every agent: these decide what code runs in the child before the agent does, or how it is found again.</summary>
    public static bool Reserves(string name) => name is "PATH" or "HOME" or "BASH_ENV" or "ENV" or "NODE_OPTIONS" or Marker or LockToken or Locks || name.StartsWith("LD_", StringComparison.Ordinal);

    // Names stand as they were asked for: this is no HTML.
    private static readonly JsonSerializerOptions JsonText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Dictionary<string, string> Build(IAgentMachine machine, AgentLaunch launch, IEnumerable<KeyValuePair<string, string>> own)
    {
        var environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };
        foreach (var name in Allowed)
        {
            if (machine.Variable(name) is { Length: > 0 } value)
            {
                environment[name] = value;
            }
        }

        foreach (var (name, value) in own.Concat(launch.Environment))
        {
            environment[name] = value;
        }

        environment[Marker] = launch.AttemptKey;
        if (launch.Locks is { } locks)
        {
            environment[LockToken] = locks.Token.ToString(CultureInfo.InvariantCulture);
            environment[Locks] = new JsonArray([.. locks.Names.Select(name => JsonValue.Create(name))]).ToJsonString(JsonText);
        }

        return environment;
    }
}
