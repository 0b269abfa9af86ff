using System.Globalization;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>Which of an attempt's spools take nothing now, so that its agent waits, by what its supervisor tells.</summary>
internal sealed class FullSpools(string node)
{
    private readonly SortedDictionary<SpoolStream, SupervisorSignal.SpoolFull> _full = [];
    private SupervisorSignal.Grew _length = new(0, 0);

    /// <summary>What the agent waits for; null while it can speak.</summary>
    public string? Text => _full.Count == 0 ? null : string.Join("; ", _full.Values.Select(Describe));

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
        var (name, setting) = full.Stream == SpoolStream.Stdout ? ("stdout", "StdoutLimit") : ("stderr", "StderrLimit");
        return full.Errno == 0
            ? string.Create(CultureInfo.InvariantCulture, $"its end by a person: its {name} has reached Workflows:Execution:{setting}, {full.Bytes} bytes")
            : string.Create(CultureInfo.InvariantCulture, $"room on the disk of node {node}: its {name} can't be written (errno {full.Errno})");
    }
}
