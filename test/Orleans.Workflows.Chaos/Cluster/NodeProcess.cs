using System.Diagnostics;

namespace Orleans.Workflows.Chaos.Cluster;

/// <summary>One life of a node's server: a real process, whose output goes to the node's log.</summary>
internal sealed class NodeProcess : IDisposable
{
    private const string MembershipLog = "--Logging:LogLevel:Orleans.Runtime.MembershipService=Information";

    private readonly Lock _lock = new();
    private readonly Process _process;
    private bool _isOver;

    private NodeProcess(Process process) => (_process, Id) = (process, process.Id);

    public int Id { get; }

    /// <summary>May be asked at any moment, also while another disposes it.</summary>
    public bool HasExited
    {
        get
        {
            lock (_lock)
            {
                return _isOver || _process.HasExited;
            }
        }
    }

    public static NodeProcess Start(string log, IReadOnlyDictionary<string, string> settings)
    {
        // The shell becomes the server, so the pid is the server's. It passes on no variable with a dot in its name: that is an argument.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$1\" \"$3\" </dev/null >>\"$2\" 2>&1", Environment.ProcessPath!, ChaosServer.Command, log, MembershipLog]) { WorkingDirectory = "/" };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Sends a signal by name, such as <c>KILL</c>.</summary>
    public Task SignalAsync(string signal) => Signals.SendAsync(Id, signal);

    public Task EndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _process.Dispose();
        }
    }
}
