using System.Diagnostics.Metrics;
using System.Text.Json;
using Orleans.Workflows.Chaos.Checking;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>Writes each change of a server's counters of comparisons and repairs to a file at once, so that they outlive the server.</summary>
internal sealed class RepairRecorder : IDisposable
{
    /// <summary>Environment variable with the directory, in which each node has a file.</summary>
    public const string Variable = "CHAOS_REPAIRS";

    private readonly Lock _lock = new();
    private readonly MeterListener _listener = new() { InstrumentPublished = Publish };

    public RepairRecorder(string directory, string node)
    {
        var path = Path.Combine(directory, node);
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var line = JsonSerializer.Serialize(new { node, counter = instrument.Name, what = tags.Length > 0 ? tags[0].Value?.ToString() : null });
            lock (_lock)
            {
                File.AppendAllLines(path, Enumerable.Repeat(line, (int)value));
            }
        });
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private static void Publish(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name == "Orleans.Workflows" && (instrument.Name == Repair.Looks || instrument.Name.EndsWith(".repairs", StringComparison.Ordinal)))
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }
}
