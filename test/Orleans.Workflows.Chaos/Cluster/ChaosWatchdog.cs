using System.Diagnostics;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>
/// Owns the harness's directory: when this process ends, however it does, a shell that reads a pipe from it ends every process
/// that was started for that directory (its environment names it), unmounts what was mounted there and removes it.
/// </summary>
internal sealed class ChaosWatchdog : IDisposable
{
    // A session of its own keeps a terminal's signals away from it. Supervisors carry no environment: they end with their agents.
    private const string Script = """
        directory=$1
        while read -r line; do :; done
        for round in 1 2 3 4 5; do
          found=$(grep -lsz -e "^Workflows__StateDirectory=$directory/" -e "^SCRIPTED_AGENT_JOURNAL=$directory/" /proc/[0-9]*/environ)
          [ -n "$found" ] || break
          for file in $found; do
            pid=${file#/proc/}
            kill -KILL "${pid%/environ}" 2>/dev/null
          done
          sleep 0.3
        done
        for mounted in "$directory"/*/attempts; do umount -l "$mounted" 2>/dev/null; done
        rm -rf "$directory"
        """;

    private readonly Process _process;

    public ChaosWatchdog(string directory) =>
        _process = Process.Start(new ProcessStartInfo("setsid", ["--wait", "/bin/sh", "-c", Script, "chaos-watchdog", directory])
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        })!;

    /// <summary>Lets it do its work and waits for its end.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
