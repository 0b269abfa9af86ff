using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// Starts supervisors, a few ahead of need from the first launch on: then a launch doesn't wait for a program to load. One
/// that is never used ends with this process, whose end closes its standard input.
/// </summary>
internal sealed class SupervisorPool(IOptions<SupervisorOptions> options, TimeProvider time) : IDisposable
{
    private readonly Lazy<SupervisorProgram> _program = new(() => SupervisorProgram.Find(options.Value));
    private readonly ConcurrentQueue<WaitingSupervisor> _spares = new();
    private readonly Lock _filling = new();
    private bool _disposed;

    /// <summary>Those that wait now.</summary>
    public IReadOnlyCollection<WaitingSupervisor> Spares => _spares;

    /// <exception cref="PosixException">No supervisor could be started (for one: the user's process limit).</exception>
    public WaitingSupervisor Take()
    {
        WaitingSupervisor? taken = null;
        while (taken is null && _spares.TryDequeue(out var spare))
        {
            if (spare.IsGone)
                End(spare);
            else
                taken = spare;
        }

        taken ??= Spawn();
        _ = Task.Run(Fill);
        return taken;
    }

    public void Dispose()
    {
        lock (_filling)
        {
            _disposed = true;
            while (_spares.TryDequeue(out var spare))
                End(spare);
        }
    }

    private void Fill()
    {
        lock (_filling)
        {
            try
            {
                while (!_disposed && _spares.Count < options.Value.Spares)
                    _spares.Enqueue(Spawn());
            }
            catch (PosixException)
            {
                // The next launch tries for itself, and says so if it can't.
            }
        }
    }

    private void End(WaitingSupervisor spare)
    {
        spare.Socket.Dispose();
        _ = ChildReaper.ReapAsync(spare.Pid, time);
    }

    private unsafe WaitingSupervisor Spawn()
    {
        var program = _program.Value;
        var ends = stackalloc int[2];
        if (Libc.SocketPair(Flags.UnixDomain, Flags.Stream | Flags.CloseOnExec, 0, ends) != 0)
            throw PosixException.Last("socketpair");

        var ours = new SafeSocketHandle(ends[0], ownsHandle: true);
        try
        {
            using var spawn = new PosixSpawn(Signals.SupervisorMask);
            var errno = spawn
                .ChangeDirectory("/")
                .Duplicate(ends[1], 0)
                .Open(1, "/dev/null", Flags.WriteOnly)
                .Open(2, "/dev/null", Flags.WriteOnly)
                .CloseFrom(3)
                .Start(program.Command[0], program.Command, program.Environment, out var pid);
            if (errno != 0)
                throw new PosixException($"posix_spawn {program.Command[0]}", errno);
            return new(new Socket(ours), pid);
        }
        catch
        {
            ours.Dispose();
            throw;
        }
        finally
        {
            _ = Libc.Close(ends[1]);
        }
    }
}
