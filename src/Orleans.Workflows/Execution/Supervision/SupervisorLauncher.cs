using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// Starts supervisors. A crash before the spawn leaves an intent that nobody executes; after it, a supervisor that either
/// never got its launch (it ends untouched) or goes on by itself and can be attached to.
/// </summary>
internal sealed class SupervisorLauncher(IOptions<SupervisorOptions> options, TimeProvider time)
{
    private readonly Lazy<SupervisorProgram> _program = new(() => SupervisorProgram.Find(options.Value));

    /// <summary>Returns once the supervisor has its launch; <see cref="SupervisorSignal.Spawned"/> or an end follows.</summary>
    /// <exception cref="PosixException">No supervisor could be started (for one: the user's process limit).</exception>
    /// <exception cref="InvalidOperationException">The attempt was started before.</exception>
    internal Task<SupervisorConnection> StartAsync(SupervisorLaunch launch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        launch.Directory.Create(launch.Agent, time);
        return ExecuteAsync(launch);
    }

    /// <summary>The second half of <see cref="StartAsync"/>, for a directory that has its intent.</summary>
    internal async Task<SupervisorConnection> ExecuteAsync(SupervisorLaunch launch)
    {
        var agent = launch.Agent with
        {
            Environment = new Dictionary<string, string>(launch.Agent.Environment) { [EnvironmentSweep.Marker] = launch.Directory.MarkerValue },
        };
        var frame = Frame.Encode(FrameKind.Launch, bytes: LaunchFields.Encode(agent));
        var (socket, pid) = Spawn(launch.Directory.Path);
        var connection = new SupervisorConnection(launch.Directory, socket, pid, time);
        await connection.SendAsync(frame);
        return connection;
    }

    private unsafe (Socket Socket, int Pid) Spawn(string directory)
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
                .ChangeDirectory(directory)
                .Duplicate(ends[1], 0)
                .Open(1, "/dev/null", Flags.WriteOnly)
                .Open(2, "/dev/null", Flags.WriteOnly)
                .CloseFrom(3)
                .Start(program.Command[0], program.Command, program.Environment, out var pid);
            if (errno != 0)
                throw new PosixException($"posix_spawn {program.Command[0]}", errno);
            return (new Socket(ours), pid);
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
