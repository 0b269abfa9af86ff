using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>What a supervisor tells of its attempt. After a new connection the state is told again, so each may repeat.</summary>
internal abstract record SupervisorSignal
{
    private SupervisorSignal()
    {
    }

    /// <summary>The agent is executed.</summary>
    internal sealed record Spawned(ProcessRecord Agent) : SupervisorSignal;

    /// <summary>The spools hold this many bytes. Told at once, then at most every 10 ms; unread ones are merged.</summary>
    internal sealed record Grew(long StdoutBytes, long StderrBytes) : SupervisorSignal;

    /// <summary>The command with this id is done: the bytes are in the agent's standard input, or the end has begun.</summary>
    internal sealed record Acked(string Id) : SupervisorSignal;

    /// <summary>The input with this id will never be written: standard input is closed.</summary>
    internal sealed record Refused(string Id) : SupervisorSignal;

    /// <summary>The agent waits: its spool is at the limit (errno 0) or can't be written (errno of the write).</summary>
    internal sealed record SpoolFull(SpoolStream Stream, long Bytes, int Errno) : SupervisorSignal;

    /// <summary>So many processes live on after repeated SIGKILL; the supervisor goes on trying.</summary>
    internal sealed record Lingering(int Processes) : SupervisorSignal;

    /// <summary>The tree is proven gone and the spools are complete. Last.</summary>
    internal sealed record Exited(ExitRecord Record) : SupervisorSignal;

    /// <summary>The supervisor is gone without an exit record: what was executed, its files tell. Last.</summary>
    internal sealed record Lost : SupervisorSignal;
}
