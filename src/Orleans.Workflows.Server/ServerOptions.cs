using Orleans.Workflows.Api.Requests;

namespace Orleans.Workflows.Server;

/// <summary>The host's own settings, in section <c>Workflows</c> beside the engine's.</summary>
public sealed class ServerOptions
{
    private const string Folder = "orleans-workflows";

    /// <summary>This node's own directory. Default <c>$XDG_STATE_HOME/orleans-workflows</c>, else <c>~/.local/state/orleans-workflows</c>.</summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>Where it listens, separated by semicolons; port 0 takes a free one. Default <c>http://127.0.0.1:8080</c>: only this machine's users can reach it.</summary>
    public string Urls { get; set; } = "http://127.0.0.1:8080";

    /// <summary>
    /// Names by which it may be asked, separated by semicolons, beside <c>localhost</c>, the machine's name, the hosts of
    /// <see cref="Urls"/> and any address; <c>*</c> is all names, which lets web pages that a browser here shows reach it. Default none.
    /// </summary>
    public string AllowedHosts { get; set; } = "";

    /// <summary>Whether the Orleans Dashboard is at <c>/dashboard</c>. It measures every grain call. Default true.</summary>
    public bool Dashboard { get; set; } = true;

    /// <summary>How long a start waits for a database that can't be reached; meanwhile <c>/health/live</c> answers 200 and all else 503. Default 60 s.</summary>
    public TimeSpan DatabaseWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long requests and the silo may take to end before the process goes. Default 30 s.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal AllowedHosts Hosts => new(Urls, AllowedHosts);

    internal string ResolveStateDirectory()
    {
        if (StateDirectory.Length > 0)
        {
            return Path.GetFullPath(StateDirectory);
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state && Path.IsPathRooted(state) ? Path.Combine(state, Folder)
            : home.Length > 0 ? Path.Combine(home, ".local", "state", Folder)
            : throw new InvalidOperationException("There is no home directory to keep the state in. Set Workflows:StateDirectory (Workflows__StateDirectory).");
    }
}
