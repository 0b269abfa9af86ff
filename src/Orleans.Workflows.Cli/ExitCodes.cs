using System.Net;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Cli;

/// <summary>What the process's exit code tells a script.</summary>
internal static class ExitCodes
{
    /// <summary>It worked; where the command waited for a run, that run is <c>Completed</c>.</summary>
    public const int Ok = 0;

    /// <summary>The run that the command waited for ended otherwise; or the batch was stopped, or runs of it refused.</summary>
    public const int RunNotCompleted = 1;

    /// <summary>Wrong usage or input; nothing was changed.</summary>
    public const int BadInput = 2;

    public const int NotFound = 3;

    /// <summary>The run's state does not allow it.</summary>
    public const int Conflict = 4;

    /// <summary>The server can't be reached, or can't take the request now: the same request may work later.</summary>
    public const int Unavailable = 5;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;

    public static int Of(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => NotFound,
        HttpStatusCode.Conflict => Conflict,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => Unavailable,
        >= HttpStatusCode.InternalServerError => Unavailable,
        _ => BadInput,
    };

    public static int Of(RunStatus status) => status == RunStatus.Completed ? Ok : RunNotCompleted;
}
