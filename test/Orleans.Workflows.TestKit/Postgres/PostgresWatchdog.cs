using System.Diagnostics;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>
/// A running <c>postgres</c> under a shell that reads a pipe from this process: a line on it stops the server, and its end,
/// which comes however this process ends, stops it too and removes the directory. (PDEATHSIG would be tied to the thread
/// that started it.)
/// </summary>
internal sealed class PostgresWatchdog : IDisposable
{
    // A session of its own keeps signals to the test's process group, such as those of timeout(1), away from the shell.
    private const string Script = """
        directory=$1; shift
        "$@" 3>&1 >>"$directory/server.log" 2>&1 &
        server=$!
        exec >&-
        read -r how || how=gone
        case $how in
          fast) kill -INT "$server" ;;
          *) kill -QUIT "$server" ;;
        esac 2>/dev/null
        wait "$server"
        if [ "$how" = gone ]; then rm -rf "$directory"; fi
        """;

    private readonly Process _process;

    // The server and all its children hold the pipe's other end as descriptor 3, and nothing comes through it.
    private readonly Task _serverEnd;

    /// <param name="directory">Removed when this process ends; the server's log is written into it.</param>
    /// <param name="command">The server in the foreground.</param>
    public PostgresWatchdog(string directory, IEnumerable<string> command)
    {
        string[] shell = ["--wait", "/bin/sh", "-c", Script, "postgres-watchdog", directory];
        _process = Process.Start(new ProcessStartInfo("setsid", shell.Concat(command))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        _serverEnd = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Whether no process of the server is left.</summary>
    public bool ServerEnded => _serverEnd.IsCompleted;

    public async Task StopAsync(PostgresStop how)
    {
        await _process.StandardInput.WriteLineAsync(how == PostgresStop.Fast ? "fast" : "immediate");
        await _process.StandardInput.FlushAsync();
        await EndAsync();
    }

    /// <summary>Stops the server and removes its directory.</summary>
    public async Task RemoveAsync()
    {
        _process.StandardInput.Close();
        await EndAsync();
    }

    public void Dispose() => _process.Dispose();

    private Task EndAsync() => WaitFor.Completion(
        Task.WhenAll(_process.WaitForExitAsync(), _serverEnd), () => $"the PostgreSQL server under pid {_process.Id} does not stop", TestTimeouts.Process);
}
