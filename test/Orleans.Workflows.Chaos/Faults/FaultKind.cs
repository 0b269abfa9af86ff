namespace Orleans.Workflows.Chaos.Faults;

/// <summary>What is done to the cluster and its runs; the report counts them by these names.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a server, which comes back at once or seconds later.</summary>
    SiloKill = 0,

    /// <summary>SIGSTOP of a server for seconds.</summary>
    SiloStop = 1,

    /// <summary>SIGTERM of a server, which comes back.</summary>
    SiloRestart = 2,

    AgentKill = 3,
    SupervisorKill = 4,
    Cancel = 5,
    Terminate = 6,

    /// <summary>PostgreSQL ends its sessions and comes back.</summary>
    PostgresRestart = 7,

    /// <summary>PostgreSQL stops like in a crash and recovers.</summary>
    PostgresImmediate = 8,

    /// <summary>A node's connections to the database are reset, new ones too, for seconds.</summary>
    DatabaseCut = 9,

    /// <summary>What a node and the database say to each other arrives later.</summary>
    DatabaseDelay = 10,

    /// <summary>What a node and the database say to each other does not arrive for seconds, and nobody is told.</summary>
    DatabaseSilence = 11,

    /// <summary>A start is requested at several nodes at once under one key.</summary>
    Duplicate = 12,

    /// <summary>A start is requested again after its run has ended.</summary>
    Late = 13,

    /// <summary>The admission epoch moves on in the ledger as a second activation moves it: all that the first one grants is stale.</summary>
    AdmissionEpoch = 14,

    /// <summary>The file system of a node's attempts has no byte left for seconds. Needs root.</summary>
    DiskFull = 15,

    /// <summary>A node has no database for longer than its lease: its supervisors end their agents.</summary>
    Partition = 16,

    /// <summary>A node's server, supervisors, agents and directory are gone for good; a new node comes.</summary>
    NodeLoss = 17,

    /// <summary>What other silos send to one is reset, arrives later or does not arrive, for seconds.</summary>
    SiloCut = 18,

    /// <summary>
    /// The server that holds the admission is frozen until the cluster has declared it dead and another one has activated the
    /// admission; then it goes on, for as long as it believes that it holds it.
    /// </summary>
    SecondAdmission = 19,

    /// <summary>The connections of all real agents to their model are reset, new ones too, for seconds; then what is said arrives later. Needs the <c>claude</c> program.</summary>
    ModelCut = 20,

    /// <summary>How many runs of one crew may run at once is changed, to fewer or more.</summary>
    RuleChange = 21,

    /// <summary>A tenant or a team is held for half a minute, then released.</summary>
    Hold = 22,

    /// <summary>A run at work is paused for seconds, then resumed.</summary>
    Pause = 23,
}
