using System.Text;
using Orleans.Workflows.Agents.StreamJson;

namespace Orleans.Workflows.Agents.Claude;

/// <summary>The directories of one session below its agent home.</summary>
/// <param name="Home">HOME.</param>
/// <param name="Config">CLAUDE_CONFIG_DIR: sessions, settings.</param>
/// <param name="Temp">TMPDIR.</param>
/// <param name="Warning">A sentence when the temporary directory had to go elsewhere.</param>
internal sealed record ClaudeHome(string Home, string Config, string Temp, string? Warning)
{
    // The CLI binds TMPDIR/cc-socks/PID.sock; a Unix socket's path has room for 107 bytes.
    private const int LongestTemp = 107 - 22;

    public static ClaudeHome Of(string agentHome)
    {
        var temp = Path.Join(agentHome, "t");
        var fits = Encoding.UTF8.GetByteCount(temp) <= LongestTemp;
        return new ClaudeHome(
            Path.Join(agentHome, "home"),
            Path.Join(agentHome, "config"),
            fits ? temp : $"/tmp/orleans-workflows-{IdHash.Of(Encoding.UTF8.GetBytes(agentHome)):x16}",
            fits ? null : "The agent home's path is too long for a Unix socket, so the agent's temporary files go to /tmp: use a shorter data directory.");
    }
}
