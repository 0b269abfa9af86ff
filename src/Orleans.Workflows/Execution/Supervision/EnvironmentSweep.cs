using System.Globalization;
using System.Text;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// Ends what a lost supervisor left behind: processes that carry the attempt's marker in their first environment, whatever
/// their parent or session. It reads all of <c>/proc</c>, so it is for that case only; a process that was executed with
/// another environment, or belongs to another user, escapes it.
/// </summary>
internal static class EnvironmentSweep
{
    /// <summary>The variable that every process of an attempt inherits; its value is <see cref="AttemptDirectory.MarkerValue"/>.</summary>
    internal const string Marker = "ORLEANS_WORKFLOWS_RUN";

    private const int Rounds = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>SIGKILL until two rounds in a row find none. Returns what was ended, and whether it is proven to be none.</summary>
    internal static async Task<SweepResult> RunAsync(string markerValue, TimeProvider time, CancellationToken cancellationToken)
    {
        var marker = Encoding.UTF8.GetBytes($"{Marker}={markerValue}");
        var ended = new Dictionary<(int Pid, long StartTime), EndedProcess>();
        var clean = 0;
        for (var round = 0; round < Rounds && clean < 2; round++)
        {
            var found = Find(marker);
            clean = found.Count == 0 ? clean + 1 : 0;
            foreach (var (process, name) in found)
            {
                // Between reading and killing the number could have become another process'.
                if (ProcessIdentity.IsAlive(process) && Libc.Kill(process.Pid, Signals.Kill) == 0)
                    ended[(process.Pid, process.StartTime)] = new EndedProcess { Pid = process.Pid, Name = name };
            }

            if (found.Count > 0)
                await Task.Delay(Pause, time, cancellationToken);
        }

        return new SweepResult { Ended = [.. ended.Values], IsClean = clean == 2 };
    }

    private static List<(ProcessRecord Process, string Name)> Find(byte[] marker)
    {
        var found = new List<(ProcessRecord, string)>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                || pid == Environment.ProcessId
                || ProcessIdentity.Of(pid) is not { } process)
            {
                continue;
            }

            try
            {
                // A zombie's environment is empty: it is as good as gone.
                if (Holds(File.ReadAllBytes($"{directory}/environ"), marker))
                    found.Add((process, File.ReadAllText($"{directory}/comm").TrimEnd()));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or another user's.
            }
        }

        return found;
    }

    private static bool Holds(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> entry)
    {
        while (environment.Length > 0)
        {
            var end = environment.IndexOf((byte)0);
            if (end < 0)
                end = environment.Length;
            if (environment[..end].SequenceEqual(entry))
                return true;
            environment = environment[Math.Min(end + 1, environment.Length)..];
        }

        return false;
    }
}
