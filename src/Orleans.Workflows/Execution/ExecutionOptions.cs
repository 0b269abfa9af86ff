namespace Orleans.Workflows.Execution;

/// <summary>What this node runs, and where it keeps it.</summary>
public sealed class ExecutionOptions
{
    /// <summary>The stable id of this node; outlives the silo process. Default: kept in the state directory.</summary>
    public string Node { get; set; } = "";

    /// <summary>The node's own directory: attempts, agent homes, workspaces. Absolute; kept short, for it holds sockets.</summary>
    public string StateDirectory { get; set; } = "";

    /// <summary>Agent processes at once on this node. Default 10.</summary>
    public int Slots { get; set; } = 10;

    /// <summary>
    /// Memory that this node expects a new agent to take, bytes: nothing more starts here while less than that and
    /// <see cref="FreeMemory"/> is available, by the machine or by the control group that bounds the server. 0: memory is not
    /// looked at. Default 200 MB, what a claude takes at its start.
    /// </summary>
    public long AgentMemory { get; set; } = 200L * 1024 * 1024;

    /// <summary>Memory that stays free for what runs already, bytes; see <see cref="AgentMemory"/>. Default 256 MB.</summary>
    public long FreeMemory { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// Agents that this node starts a second, and at once if they are at least one: 0.01 to 1,000. A claude takes 0.7 seconds of a
    /// processor for its start. Default null: as fast as they come.
    /// </summary>
    public double? StartsPerSecond { get; set; }

    /// <summary>Launches at once on this silo (the cap of the ExecutorGrain pool). Default 8.</summary>
    public int LaunchConcurrency { get; set; } = 8;

    /// <summary>How long an attempt's start and output may wait before they are recorded, so that one step takes more of them. Default 500 ms.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Output recorded at once at most, bytes. Default 4 MB.</summary>
    public int FlushBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bound of one attempt's stdout, bytes. An agent that reaches it is ended, and its run fails with <c>output_limit</c>. Default 4 GB.</summary>
    public long StdoutLimit { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>As <see cref="StdoutLimit"/>, for stderr. Default 256 MB.</summary>
    public long StderrLimit { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// What the processes of one attempt may use together, bytes, where its run says nothing (<c>memoryLimit</c>). An agent
    /// that passes it is ended, and its run fails with <c>memory</c>. 16 MB to 16 TB; default null: no limit.
    /// </summary>
    public long? MemoryLimit { get; set; }

    /// <summary>
    /// The most that a run may have as its <c>memoryLimit</c>, bytes: one that asks for more is refused, and where it is accepted
    /// elsewhere, it has this here. It is also the limit of runs without one. Not below <see cref="MemoryLimit"/>. Default null.
    /// </summary>
    public long? MaximumMemoryLimit { get; set; }

    /// <summary>
    /// How long the ledger shows this node as alive without a word; renewed each quarter of it, with one statement. The same
    /// for all nodes. Default 60 s.
    /// </summary>
    public TimeSpan NodeLease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Without a renewed lease a supervisor ends its agent; its silo renews it each quarter of that time, so it bounds how long
    /// a server may be away before its agents end. Default 5 minutes on PostgreSQL; on SQLite null: never, as nobody takes over.
    /// </summary>
    public TimeSpan? Lease { get; set; }

    /// <summary>
    /// A node that is not heard of for so long is gone, and its runs get another attempt elsewhere. Longer than
    /// <see cref="NodeLease"/>, <see cref="Lease"/> and the graces of an end together, so that its agents have ended by then.
    /// The same for all nodes. Default 10 minutes.
    /// </summary>
    public TimeSpan AdoptionWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>End agents when the silo stops, at once: their runs fail as <c>interrupted</c>. Default false: they go on and are adopted.</summary>
    public bool StopAgentsOnShutdown { get; set; }

    /// <summary>After an interrupt, before stdin is closed. Default 5 s.</summary>
    public TimeSpan InterruptGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After stdin is closed, before SIGTERM. Default 3 s.</summary>
    public TimeSpan InputGrace { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>After SIGTERM, before SIGKILL. Default 5 s.</summary>
    public TimeSpan TermGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long an attempt may be silent, by what it does, before it counts as stuck. Default: as each agent's adapter says.</summary>
    public Stuck.PhaseLimits Phases { get; set; } = new();

    /// <summary>How long a supervisor may hold its attempt without answering, or go on after a kill was ordered, before it is killed itself. Default 20 s.</summary>
    public TimeSpan SupervisorPatience { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often this node's processes are compared with the ledger's open attempts. Default 60 s.</summary>
    public TimeSpan ReconcilePeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Path of the supervisor; empty finds the staged one.</summary>
    public string Supervisor { get; set; } = "";
}
