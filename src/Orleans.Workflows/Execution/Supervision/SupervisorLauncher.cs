using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// Has supervisors execute attempts. A crash before the launch is sent leaves a directory that nobody executes; after it, a
/// supervisor that goes on by itself and can be attached to.
/// </summary>
internal sealed class SupervisorLauncher(SupervisorPool pool, TimeProvider time)
{
    /// <summary>Returns once the supervisor has its launch; <see cref="SupervisorSignal.Spawned"/> or an end follows.</summary>
    /// <exception cref="PosixException">No supervisor could be started (for one: the user's process limit).</exception>
    /// <exception cref="InvalidOperationException">The attempt was started before.</exception>
    internal Task<SupervisorConnection> StartAsync(SupervisorLaunch launch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        launch.Directory.Create();
        return ExecuteAsync(launch);
    }

    /// <summary>The second half of <see cref="StartAsync"/>, for a directory that is there.</summary>
    internal async Task<SupervisorConnection> ExecuteAsync(SupervisorLaunch launch)
    {
        var agent = launch.Agent with
        {
            Environment = new Dictionary<string, string>(launch.Agent.Environment) { [EnvironmentSweep.Marker] = launch.Directory.MarkerValue },
        };
        var frame = Frame.Encode(FrameKind.Launch, id: launch.Directory.Path, bytes: LaunchFields.Encode(agent));
        var supervisor = pool.Take();
        var connection = new SupervisorConnection(launch.Directory, supervisor.Socket, supervisor.Pid, time);
        await connection.SendAsync(frame);
        return connection;
    }
}
