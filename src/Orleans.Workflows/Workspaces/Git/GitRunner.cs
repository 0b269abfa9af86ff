using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Workspaces.Git;

/// <summary>
/// Runs git with nothing of the surroundings: no hooks, monitors, external protocols, prompts, system or user settings, and
/// an environment of its own. What an agent wrote into a repository's settings must not become a program that we start.
/// </summary>
internal sealed class GitRunner(IOptions<WorkspacesOptions> options, TimeProvider time)
{
    private const int OutputLimit = 16 * 1024 * 1024;
    private const int ErrorLimit = 64 * 1024;
    private const int LockRetries = 60;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLockPause = TimeSpan.FromSeconds(1);

    private static readonly string[] Hardened =
    [
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-c", "protocol.ext.allow=never",
        "-c", "protocol.file.allow=never", "-c", "safe.directory=*", "-c", "credential.helper=", "-c", "core.askPass=", "-c", "core.pager=cat",
        "-c", "core.editor=false", "-c", "core.sshCommand=false", "-c", "diff.external=", "-c", "commit.gpgSign=false", "-c", "gpg.program=false",
        "-c", "core.attributesFile=/dev/null", "-c", "core.excludesFile=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "submodule.recurse=false",
        "-c", "diff.ignoreSubmodules=dirty", "-c", "core.quotePath=false", "-c", "advice.detachedHead=false",
    ];

    /// <summary>Runs once; on another git's lock, again after a growing pause.</summary>
    public async Task<GitResult> RunAsync(string directory, IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyList<string>? settings = null)
    {
        var pause = LockPause;
        for (var tries = 0; ; tries++)
        {
            var result = await RunOnceAsync(directory, arguments, settings ?? [], cancellationToken);
            if (!result.IsLocked || tries >= LockRetries)
            {
                return result;
            }
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 2 < LongestLockPause ? pause * 2 : LongestLockPause;
        }
    }

    /// <summary>
    /// Settings that take the program out of every filter a repository knows: a filter runs when git reads or writes a
    /// working file, and its command may have been planted.
    /// </summary>
    public async Task<IReadOnlyList<string>> FilterSettingsAsync(string directory, CancellationToken cancellationToken)
    {
        var found = await RunAsync(directory, ["config", "--name-only", "-z", "--get-regexp", @"^filter\..*\.(clean|smudge|process|required)$"], cancellationToken);
        return [.. found.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct().SelectMany(name =>
            new[] { "-c", name + (name.EndsWith(".required", StringComparison.OrdinalIgnoreCase) ? "=false" : "=") })];
    }

    private async Task<GitResult> RunOnceAsync(string directory, IReadOnlyList<string> arguments, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(options.Value.Git) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Hardened.Concat(settings).Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }
        SetEnvironment(start.Environment);
        using var limit = new CancellationTokenSource(options.Value.GitTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new GitResult(127, "", $"The program '{options.Value.Git}' can't be started: {e.Message}", false, false);
        }
        process.StandardInput.Close();
        try
        {
            var error = ReadAsync(process.StandardError.BaseStream, ErrorLimit, stop.Token);
            var (output, truncated) = await ReadAsync(process.StandardOutput.BaseStream, OutputLimit, stop.Token);
            var (errorText, _) = await error;
            await process.WaitForExitAsync(stop.Token);
            return new GitResult(process.ExitCode, output, errorText, false, truncated);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new GitResult(-1, "", "", true, false);
        }
    }

    private static void SetEnvironment(IDictionary<string, string?> environment)
    {
        var path = environment.TryGetValue("PATH", out var found) ? found : "/usr/local/bin:/usr/bin:/bin";
        environment.Clear();
        environment["PATH"] = path;
        environment["LC_ALL"] = "C";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_ATTR_NOSYSTEM"] = "1";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        environment["GIT_NO_LAZY_FETCH"] = "1";
        environment["GIT_EDITOR"] = "false";
        environment["GIT_ASKPASS"] = "false";
    }

    // Reads to the end even beyond the limit, for a full pipe would make the program wait for ever.
    private static async Task<(string Text, bool Truncated)> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[32 * 1024];
        var truncated = false;
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            var room = (int)Math.Min(count, limit - kept.Length);
            truncated |= room < count;
            kept.Write(buffer, 0, room);
        }
        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), truncated);
    }
}
