using System.Globalization;
using System.Text;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Stuck;

/// <summary>What an attempt's processes do, read from <c>/proc</c>: the supervisor's descendants, each with its state and processor time.</summary>
/// <param name="CpuMs">Processor time of all of them; of those that are gone, what their parents took over.</param>
/// <param name="Processes">One line each: <c>pid name state cpu</c>.</param>
internal sealed record TreeActivity(long CpuMs, IReadOnlyList<string> Processes)
{
    private const int ParentField = 4;
    private const int UserTimeField = 14;
    private const int MillisecondsPerTick = 10;
    private const int Described = 32;

    /// <summary>Less than this share of one processor is a heartbeat, not work.</summary>
    private const double Working = 0.02;

    public static TreeActivity Of(int supervisor)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Read).OfType<Process>().ToLookup(process => process.Parent);
        var found = new List<Process>();
        var queue = new Queue<int>([supervisor]);
        while (queue.TryDequeue(out var parent))
        {
            foreach (var child in processes[parent])
            {
                found.Add(child);
                queue.Enqueue(child.Pid);
            }
        }

        return new(
            found.Sum(process => process.CpuMs),
            [.. found.Take(Described).Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.Pid} {process.Name} {process.State} {process.CpuMs} ms"))]);
    }

    public bool IsBusySince(TreeActivity earlier, TimeSpan elapsed) => CpuMs - earlier.CpuMs > elapsed.TotalMilliseconds * Working;

    private static Process? Read(string directory)
    {
        if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }

        try
        {
            ReadOnlySpan<byte> stat = File.ReadAllBytes($"{directory}/stat");
            var name = stat[(stat.IndexOf((byte)'(') + 1)..stat.LastIndexOf((byte)')')];
            var ticks = 0L;
            for (var field = UserTimeField; field < UserTimeField + 4; field++)
            {
                ticks += Number(stat, field);
            }

            return new(pid, (int)Number(stat, ParentField), Encoding.UTF8.GetString(name), Encoding.ASCII.GetString(ProcessIdentity.Field(stat, 3)), ticks * MillisecondsPerTick);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile.
            return null;
        }
    }

    private static long Number(ReadOnlySpan<byte> stat, int field) =>
        long.Parse(ProcessIdentity.Field(stat, field), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private sealed record Process(int Pid, int Parent, string Name, string State, long CpuMs);
}
