using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Supervisor.Posix;

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
    private const int NothingFound = 1;
    private static readonly TimeSpan EndGrace = TimeSpan.FromSeconds(10);
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
    /// <param name="directory">Where it runs.</param>
    /// <param name="arguments">The command and what follows it.</param>
    /// <param name="cancellationToken">Ends it as its time limit does: politely first, so that it takes its locks along.</param>
    /// <param name="settings">Go before those of the repository. Names may hold any character.</param>
    /// <param name="place">Arguments before the command that name the repository; without them git looks for it from the directory on.</param>
    public async Task<GitResult> RunAsync(string directory, IReadOnlyList<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyList<string>? place = null)
    {
        var pause = LockPause;
        for (var tries = 0; ; tries++)
        {
            var result = await RunOnceAsync(directory, [.. place ?? [], .. arguments], settings, cancellationToken);
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
    /// working file, and its command may have been planted. What is included depends on where git stands, so
    /// <paramref name="directory"/> and <paramref name="place"/> must be those of the commands that the settings are for.
    /// </summary>
    /// <exception cref="IOException">Not all of them can be told; without that no command that touches files is safe.</exception>
    public async Task<IReadOnlyDictionary<string, string>> FilterSettingsAsync(string directory, CancellationToken cancellationToken, IReadOnlyList<string>? place = null)
    {
        var found = await RunAsync(directory, ["config", "--name-only", "-z", "--get-regexp", @"^filter\..*\.(clean|smudge|process|required)$"], cancellationToken, place: place);
        if (!found.Succeeded && (found.ExitCode != NothingFound || found.Truncated))
        {
            throw new IOException($"git could not list the repository's filters: {found.Explanation}");
        }
        if (found.Output.Contains('\uFFFD', StringComparison.Ordinal))
        {
            // We could not say its name to git.
            throw new IOException("The repository's settings hold a filter whose name is no UTF-8, so that it can't be kept from running. Remove it.");
        }
        return found.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)
            .ToDictionary(name => name, name => name.EndsWith(".required", StringComparison.OrdinalIgnoreCase) ? "false" : "", StringComparer.Ordinal);
    }

    private async Task<GitResult> RunOnceAsync(string directory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(options.Value.Git) { WorkingDirectory = directory, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in Hardened.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }
        SetEnvironment(start.Environment, settings);
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
            await EndAsync(process);
            cancellationToken.ThrowIfCancellationRequested();
            return new GitResult(-1, "", "", true, false);
        }
    }

    /// <summary>On SIGTERM git removes its lock files; on SIGKILL they would keep everybody from changing the repository.</summary>
    private async Task EndAsync(Process process)
    {
        using var grace = new CancellationTokenSource(EndGrace, time);
        try
        {
            if (!process.HasExited)
            {
                _ = Libc.Kill(process.Id, Signals.Terminate);
            }
            await process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void SetEnvironment(IDictionary<string, string?> environment, IReadOnlyDictionary<string, string>? settings)
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
        // Not as -c NAME=VALUE: a name may itself hold a '='.
        environment["GIT_CONFIG_COUNT"] = (settings?.Count ?? 0).ToString(CultureInfo.InvariantCulture);
        foreach (var (index, (name, value)) in (settings ?? new Dictionary<string, string>()).Index())
        {
            environment[$"GIT_CONFIG_KEY_{index}"] = name;
            environment[$"GIT_CONFIG_VALUE_{index}"] = value;
        }
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
