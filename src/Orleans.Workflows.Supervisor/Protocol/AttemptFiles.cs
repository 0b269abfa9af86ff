namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// The files of an attempt's directory (mode 0700). The supervisor's working directory is this one, so that it uses bare
/// names: a socket's path may have 107 bytes at most.
/// </summary>
internal static class AttemptFiles
{
    /// <summary><see cref="IntentRecord"/>, synced by the silo before it starts the supervisor.</summary>
    internal const string Intent = "intent";

    /// <summary>Held with <c>flock</c> by the supervisor for its whole life. Free means: no supervisor lives.</summary>
    internal const string Lock = "lock";

    /// <summary><see cref="ProcessRecord"/> of the supervisor, written before it executes anything.</summary>
    internal const string Started = "started";

    /// <summary><see cref="ProcessRecord"/> of the agent, written once it was executed.</summary>
    internal const string Agent = "agent";

    /// <summary>Written by an adopter that holds the lock: a supervisor that comes later never executes.</summary>
    internal const string Void = "void";

    /// <summary>The agent's standard output, raw bytes, only ever appended to.</summary>
    internal const string Stdout = "stdout";

    /// <summary>The agent's standard error, as <see cref="Stdout"/>.</summary>
    internal const string Stderr = "stderr";

    /// <summary><see cref="ExitRecord"/>: the whole tree is proven gone and the spools are complete.</summary>
    internal const string Exit = "exit";

    /// <summary>The control socket.</summary>
    internal const string Socket = "s";

    /// <summary>What the supervisor itself said on its standard error; empty unless something is broken.</summary>
    internal const string Log = "supervisor.log";
}
