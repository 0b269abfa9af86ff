namespace Orleans.Workflows.Agents;

/// <summary>The signal behind a process's end: told by the kernel, or by an exit code of 128 + n as shells and agents that catch it give.</summary>
internal static class ExitSignal
{
    public static int? Of(AttemptEvidence evidence) => evidence switch
    {
        { Signal: { } signal } => signal,
        { ExitCode: 128 + 1 or 128 + 2 or 128 + 3 or 128 + 6 or 128 + 9 or 128 + 11 or 128 + 13 or 128 + 15 } => evidence.ExitCode - 128,
        _ => null,
    };

    public static string Name(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        6 => "SIGABRT",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        _ => signal.ToString(),
    };
}
