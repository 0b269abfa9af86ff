using System.Diagnostics;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.Postgres;

/// <summary>
/// A PostgreSQL program under a shell that reads a pipe from this process: a line on it stops the program, and its end,
/// which comes however this process ends, stops it too and removes the directory, even if the program ended long before.
/// (PDEATHSIG would be tied to the thread that started it.)
/// </summary>
internal sealed class PostgresWatchdog : IDisposable
{
    // A session of its own keeps signals to the test's process group, such as those of timeout(1), away from the shell.
    private const string Script = """
        directory=$1; shift
        "$@" 3>&1 >>"$directory/server.log" 2>&1 &
        program=$!
        exec >&-
        read -r how || how=gone
        case $how in
          fast) kill -INT "$program" ;;
          *) kill -QUIT "$program" ;;
        esac 2>/dev/null
        wait "$program"
        if [ "$how" = gone ]; then rm -rf "$directory" 2>/dev/null; fi
        """;

    private readonly Process _process;

    // The program and all its children hold the pipe's other end as descriptor 3, and nothing comes through it.
    private readonly Task _programEnd;

    /// <param name="directory">Removed when this process ends; <c>server.log</c> in it takes the program's output.</param>
    public PostgresWatchdog(string directory, IEnumerable<string> command)
    {
        string[] shell = ["--wait", "/bin/sh", "-c", Script, "postgres-watchdog", directory];
        _process = Process.Start(new ProcessStartInfo("setsid", shell.Concat(command))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        })!;
        _programEnd = _process.StandardOutput.ReadToEndAsync();
    }

    /// <summary>Whether no process of the program is left.</summary>
    public bool ProgramEnded => _programEnd.IsCompleted;

    /// <summary>Waits until the program ends by itself.</summary>
    public Task ProgramEndAsync() => WaitFor.Completion(_programEnd, Describe, TestTimeouts.Process);

    public async Task StopAsync(PostgresStop how)
    {
        await _process.StandardInput.WriteLineAsync(how == PostgresStop.Fast ? "fast" : "immediate");
        await _process.StandardInput.FlushAsync();
        await EndAsync();
    }

    /// <summary>Stops the program and removes the directory.</summary>
    public async Task RemoveAsync()
    {
        _process.StandardInput.Close();
        await EndAsync();
    }

    public void Dispose() => _process.Dispose();

    private Task EndAsync() =>
        WaitFor.Completion(Task.WhenAll(_process.WaitForExitAsync(), _programEnd), Describe, TestTimeouts.Process);

    private string Describe() => $"a PostgreSQL program under pid {_process.Id}, ended: {ProgramEnded}";
}
