using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Supervision;

// Started by a silo with the attempt's directory as working directory, a control connection as standard input, and the
// signals of Signals.SupervisorMask blocked. Started by itself, with this first argument, to become the agent.
return args is [ExecStub.Argument, ..]
    ? ExecStub.Run(args)
    : AttemptStart.Run();
