using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orleans.Workflows.Agents.Discovery;

/// <summary>This machine.</summary>
internal sealed class AgentMachine : IAgentMachine
{
    private static readonly TimeSpan VersionTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<FileStamp, string?> _versions = new();

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public bool IsRoot => Environment.IsPrivilegedProcess;

    public string ProgramDirectory => AppContext.BaseDirectory;

    public bool FileExists(string path) => File.Exists(path);

    public bool IsExecutable(string path)
    {
        const UnixFileMode anyone = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        try
        {
            return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & anyone) != 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public IReadOnlyList<string> Match(string directory, string rest)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(directory).OrderDescending(StringComparer.Ordinal).Select(found => Path.Join(found, rest)).Where(File.Exists)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public string? Version(string program)
    {
        var file = new FileInfo(File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program);
        return file.Exists
            ? _versions.GetOrAdd(new FileStamp(program, file.LastWriteTimeUtc, file.Length), stamp => Ask(stamp.Path))
            : null;
    }

    private static string? Ask(string program)
    {
        try
        {
            var start = new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
            start.Environment.Clear();
            start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
            start.Environment["HOME"] = Path.GetTempPath();
            using var process = Process.Start(start);
            if (process is null)
            {
                return null;
            }

            process.StandardInput.Close();
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            var answer = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(VersionTimeout) || !answer.Wait(VersionTimeout))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }

            return process.ExitCode == 0 ? answer.Result.Trim() : null;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private readonly record struct FileStamp(string Path, DateTime Written, long Length);
}
