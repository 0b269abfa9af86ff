namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>All that <see cref="DirectSpawn"/>'s child needs, in memory that no collector moves.</summary>
internal unsafe struct SpawnPlan
{
    internal const ulong Inherit = ulong.MaxValue;

    internal int Parent;
    internal int Stdin;
    internal int Stdout;
    internal int Stderr;
    internal byte* Directory;

    /// <summary>Null-terminated: what to try to execute, in this order.</summary>
    internal byte** Programs;
    internal byte** Arguments;
    internal byte** Environment;
    internal ulong OpenFiles;
    internal ulong Core;

    /// <summary>Written by the child: 0 while nothing failed.</summary>
    internal int Errno;

    /// <summary>Written by the child: it was the directory that failed.</summary>
    internal int DirectoryFailed;
}
