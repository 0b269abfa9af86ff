using System.Globalization;
using Orleans.Workflows.Admission;

namespace Orleans.Workflows.Execution.Room;

/// <summary>
/// How many agents more this node may start, by its memory and by how fast it started the last ones. An agent takes its memory
/// only after its start, so for a while it is counted as if it were all still to come. What was granted before this was told
/// starts nevertheless; it counts against the next.
/// </summary>
internal sealed class StartRoom(ExecutionOptions options, Func<long?> available, TimeProvider time)
{
    /// <summary>How long an agent's memory is not all to be seen yet.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>How long what was read of the memory is kept: reports come by the hundred a second, and a read costs as much as all else in one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();

    // Starts that may come at once, and of which one comes back each so often; below zero after grants that were on their way.
    private double _starts = Burst(options);
    private long _at = time.GetTimestamp();
    private (long? Bytes, long At)? _read;

    /// <summary>An agent is about to be started.</summary>
    public void Start()
    {
        lock (_lock)
        {
            Refill();
            _starts--;
        }
    }

    /// <param name="young">Agents that were started within <see cref="Settling"/> and have not ended.</param>
    /// <returns>Null: nothing bounds them but the slots.</returns>
    public NodeRoom? Look(int young) => options.Slots == 0 ? null : (OfRate(), OfMemory(young)) switch
    {
        ({ } rate, { } memory) => rate.Starts < memory.Starts ? rate : memory,
        var (rate, memory) => rate ?? memory,
    };

    private NodeRoom? OfRate()
    {
        if (options.StartsPerSecond is not { } rate)
        {
            return null;
        }

        lock (_lock)
        {
            Refill();
            return new(Math.Max(0, (int)_starts), string.Create(CultureInfo.InvariantCulture, $"it starts at most {rate:0.###} agents a second"));
        }
    }

    private NodeRoom? OfMemory(int young)
    {
        if (options.AgentMemory == 0 || Read() is not { } left)
        {
            return null;
        }

        var starts = ((left - options.FreeMemory) / options.AgentMemory) - young;
        return new(
            (int)Math.Clamp(starts, 0, options.Slots),
            $"it has {left >> 20} MB of memory left, of which {options.FreeMemory >> 20} MB stay free, and a new agent takes {options.AgentMemory >> 20} MB" + (young > 0 ? $", as {young} do that it has just started" : ""));
    }

    private long? Read()
    {
        lock (_lock)
        {
            if (_read is not { } read || time.GetElapsedTime(read.At) >= Fresh)
            {
                _read = read = (available(), time.GetTimestamp());
            }

            return read.Bytes;
        }
    }

    private void Refill()
    {
        if (options.StartsPerSecond is { } rate)
        {
            var now = time.GetTimestamp();
            _starts = Math.Min(Burst(options), _starts + (time.GetElapsedTime(_at, now).TotalSeconds * rate));
            _at = now;
        }
    }

    private static double Burst(ExecutionOptions options) => Math.Max(1, options.StartsPerSecond ?? 0);
}
