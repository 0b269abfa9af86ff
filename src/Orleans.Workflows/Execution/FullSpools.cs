using System.Globalization;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>Which of an attempt's spools take nothing now, by what its supervisor tells: while the disk is full its agent waits, and one at its limit ends it.</summary>
internal sealed class FullSpools(string node)
{
    private readonly SortedDictionary<SpoolStream, SupervisorSignal.SpoolFull> _full = [];
    private SupervisorSignal.Grew _length = new(0, 0);

    /// <summary>What the agent waits for; null while it can speak.</summary>
    public string? Text
    {
        get
        {
            var waiting = _full.Values.Where(full => full.Errno != 0).Select(Describe).ToArray();
            return waiting.Length == 0 ? null : string.Join("; ", waiting);
        }
    }

    /// <summary>It can't speak, for whichever reason.</summary>
    public bool IsAny => _full.Count > 0;

    /// <summary>What a limit that was reached does to the attempt.</summary>
    public static string DescribeLimit(SpoolStream stream, long bytes)
    {
        var (name, setting) = stream == SpoolStream.Stdout ? ("stdout", "StdoutLimit") : ("stderr", "StderrLimit");
        return string.Create(CultureInfo.InvariantCulture, $"The agent was ended, for its {name} has reached Workflows:Execution:{setting}, {bytes} bytes.");
    }

    /// <summary>The same from the end alone, for whoever did not see it come; null where no limit was reached.</summary>
    public static string? DescribeLimit(ExitRecord exit, ExecutionOptions options) =>
        exit.StdoutBytes >= options.StdoutLimit ? DescribeLimit(SpoolStream.Stdout, options.StdoutLimit)
        : exit.StderrBytes >= options.StderrLimit ? DescribeLimit(SpoolStream.Stderr, options.StderrLimit)
        : null;

    /// <summary>True if it was not known.</summary>
    public bool Add(SupervisorSignal.SpoolFull full)
    {
        // Growth overtakes what was told before it: then it is over already.
        var isNew = LengthOf(full.Stream) <= full.Bytes && !_full.ContainsKey(full.Stream);
        if (LengthOf(full.Stream) <= full.Bytes)
        {
            _full[full.Stream] = full;
        }

        return isNew;
    }

    public void Add(SupervisorSignal.Grew length)
    {
        _length = length;
        foreach (var full in _full.Values.Where(full => LengthOf(full.Stream) > full.Bytes).ToArray())
        {
            _full.Remove(full.Stream);
        }
    }

    private long LengthOf(SpoolStream stream) => stream == SpoolStream.Stdout ? _length.StdoutBytes : _length.StderrBytes;

    private string Describe(SupervisorSignal.SpoolFull full)
    {
        var name = full.Stream == SpoolStream.Stdout ? "stdout" : "stderr";
        return string.Create(CultureInfo.InvariantCulture, $"room on the disk of node {node}: its {name} can't be written (errno {full.Errno})");
    }
}
