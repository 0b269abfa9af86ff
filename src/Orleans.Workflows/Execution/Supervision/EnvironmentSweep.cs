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

    /// <summary>
    /// SIGKILL until two rounds in a row find none, and what was found before is gone. Returns what was ended, and whether it is
    /// proven to be none.
    /// </summary>
    /// <param name="markerValue">The attempt's.</param>
    /// <param name="time">Clock of the pauses.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <param name="earlier">What an earlier sweep of the attempt ended: a process on its way out has no environment any more.</param>
    internal static async Task<SweepResult> RunAsync(
        string markerValue, TimeProvider time, CancellationToken cancellationToken, IReadOnlyDictionary<ProcessRecord, EndedProcess>? earlier = null)
    {
        var marker = Encoding.UTF8.GetBytes($"{Marker}={markerValue}");
        var ended = new Dictionary<ProcessRecord, EndedProcess>(earlier ?? new Dictionary<ProcessRecord, EndedProcess>());
        var clean = 0;
        for (var round = 0; round < Rounds && clean < 2; round++)
        {
            var found = Find(marker);
            var isClean = found.Count == 0 && !ended.Keys.Any(StillRuns);
            clean = isClean ? clean + 1 : 0;
            foreach (var (process, name) in found)
            {
                // Between reading and killing the number could have become another process'.
                if (ProcessIdentity.IsAlive(process) && Libc.Kill(process.Pid, Signals.Kill) == 0)
                    ended[process] = new EndedProcess { Pid = process.Pid, Name = name };
            }

            if (!isClean)
                await Task.Delay(Pause, time, cancellationToken);
        }

        return new SweepResult { Ended = ended, IsClean = clean == 2 };
    }

    /// <summary>The marker values of all attempts that some process carries, of whichever node.</summary>
    internal static HashSet<string> FindMarkers()
    {
        var prefix = Encoding.UTF8.GetBytes($"{Marker}=");
        var markers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, environment) in Environments())
        {
            if (Entry(environment, entry => entry.StartsWith(prefix)) is { } range)
                markers.Add(Encoding.UTF8.GetString(environment.AsSpan(range)[prefix.Length..]));
        }

        return markers;
    }

    private static List<(ProcessRecord Process, string Name)> Find(byte[] marker)
    {
        var found = new List<(ProcessRecord, string)>();
        foreach (var (process, environment) in Environments())
        {
            if (Entry(environment, entry => entry.SequenceEqual(marker)) is not null && Read(process.Pid, "comm") is { } name)
                found.Add((process, Encoding.UTF8.GetString(name).TrimEnd()));
        }

        return found;
    }

    /// <summary>False for a zombie too: whoever adopted it may never reap it.</summary>
    private static bool StillRuns(ProcessRecord process) =>
        ProcessIdentity.IsAlive(process) && Read(process.Pid, "stat") is { Length: > 0 } stat && ProcessIdentity.Field(stat, 3) is not [(byte)'Z' or (byte)'X'];

    private static IEnumerable<(ProcessRecord Process, byte[] Environment)> Environments()
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            // A zombie's environment is empty: it is as good as gone.
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && pid != Environment.ProcessId
                && ProcessIdentity.Of(pid) is { } process
                && Read(pid, "environ") is { Length: > 0 } environment)
            {
                yield return (process, environment);
            }
        }
    }

    /// <summary>Null when the process is gone meanwhile, or another user's.</summary>
    private static byte[]? Read(int pid, string name)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{pid}/{name}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Range? Entry(ReadOnlySpan<byte> environment, Func<ReadOnlySpan<byte>, bool> isWanted)
    {
        for (var start = 0; start < environment.Length;)
        {
            var length = environment[start..].IndexOf((byte)0);
            length = length < 0 ? environment.Length - start : length;
            if (isWanted(environment.Slice(start, length)))
                return start..(start + length);
            start += length + 1;
        }

        return null;
    }
}
