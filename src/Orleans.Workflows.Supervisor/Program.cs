using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Supervision;

// Started by a silo with a control connection as standard input, which tells what to execute and where, and the signals
// of Signals.SupervisorMask blocked. Started by itself, with this first argument, to become the agent.
if (args is [ExecStub.Argument, ..])
    return ExecStub.Run(args);

try
{
    return AttemptStart.Run();
}
catch (Exception exception)
{
    // The agent dies with this process; a silo finds no exit record and sweeps.
    AttemptFolder.AddLog(exception.ToString());
    return (int)StartRefusal.Broken;
}
