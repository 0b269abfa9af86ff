using System.Diagnostics;
using Orleans.Workflows.TestKit.Waiting;

namespace Orleans.Workflows.TestKit.Programs;

/// <summary>
/// A child process of a test: stdin at its end, stdout and stderr gathered whole, and killed with its children if it still
/// runs on disposal.
/// </summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private RunningProgram(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Close();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts <paramref name="file"/>.</summary>
    /// <param name="environment">The whole environment of the child; null inherits the test's.</param>
    public static RunningProgram Start(
        string file,
        IEnumerable<string> arguments,
        string? directory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = directory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (environment is not null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environment)
            {
                start.Environment[name] = value;
            }
        }

        return new RunningProgram(Process.Start(start)!);
    }

    /// <summary>Starts a program and waits for its end.</summary>
    public static async Task<ProgramResult> RunAsync(
        string file, IEnumerable<string> arguments, string? directory = null, CancellationToken cancellationToken = default)
    {
        await using var program = Start(file, arguments, directory);
        return await program.EndAsync(cancellationToken: cancellationToken);
    }

    /// <summary>Waits until it has ended and all its output is read.</summary>
    /// <param name="timeout">Default <see cref="TestTimeouts.Process"/>.</param>
    public async Task<ProgramResult> EndAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var all = Task.WhenAll(_process.WaitForExitAsync(CancellationToken.None), _output, _error);
        await WaitFor.Completion(
            all, () => $"{_process.StartInfo.FileName}, pid {Id}, has exited: {HasExited}", timeout ?? TestTimeouts.Process,
            cancellationToken: cancellationToken);
        return new ProgramResult(_process.ExitCode, await _output, await _error);
    }

    /// <summary>Sends a signal by name, such as <c>TERM</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("/bin/sh", ["-c", "kill -s \"$0\" \"$1\"", signal, $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
