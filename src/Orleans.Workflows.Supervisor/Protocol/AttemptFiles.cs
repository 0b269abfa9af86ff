namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// The files of an attempt's directory (mode 0700). That there is a directory says that a silo was about to start the attempt. The directory itself is held with <c>flock</c> by the supervisor for its
/// whole life from its launch: free means that no supervisor lives. It is the supervisor's working directory, so that it uses bare names (a
/// socket's path may have 107 bytes at most). There are as few files as possible: making one costs more than all else here.
/// </summary>
internal static class AttemptFiles
{
    /// <summary>
    /// <see cref="AttemptRecord"/>: the supervisor, there before it executes anything; the agent, once it is executed; the end,
    /// once the whole tree is proven gone and the spools are complete. Only its supervisor writes it.
    /// </summary>
    internal const string Record = "record";

    /// <summary>Written by an adopter that holds the lock: a supervisor that comes later never executes.</summary>
    internal const string Void = "void";

    /// <summary>The agent's standard output, raw bytes, only ever appended to. Absent until it says something.</summary>
    internal const string Stdout = "stdout";

    /// <summary>The agent's standard error, as <see cref="Stdout"/>.</summary>
    internal const string Stderr = "stderr";

    /// <summary>
    /// The ids of what was written to the agent's standard input, a line each: whoever finds the attempt ended knows what it was
    /// told, though nobody recorded the answers. Absent until there is one.
    /// </summary>
    internal const string Told = "told";

    /// <summary>The control socket.</summary>
    internal const string Socket = "s";

    /// <summary>
    /// Empty; there once processes have lived on after SIGKILL. From then on only this supervisor can tell when they are gone:
    /// nobody kills it, and without it nobody takes a look at other processes for a proof.
    /// </summary>
    internal const string Lingering = "lingering";

    /// <summary>What broke a supervisor. Absent unless something did.</summary>
    internal const string Log = "supervisor.log";
}
