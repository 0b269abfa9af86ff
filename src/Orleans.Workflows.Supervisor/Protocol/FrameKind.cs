namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// What travels over a control connection. Below 64: to the supervisor; from 64: from it. Numbers are never reused; 1 and 2 were.
/// Fields are in this order: 64 bit numbers, an id, raw bytes.
/// </summary>
internal enum FrameKind : byte
{
    /// <summary>id, bytes: for the agent's standard input. Written once per id; answered by <see cref="Acked"/> once written.</summary>
    Input = 3,

    /// <summary>Closes the agent's standard input behind what is already queued.</summary>
    CloseStdin = 4,

    /// <summary>id, bytes: as <see cref="Input"/>, but ahead of input that is still queued.</summary>
    Interrupt = 5,

    /// <summary>number: a signal for the agent process; only SIGINT is taken.</summary>
    Signal = 6,

    /// <summary>number: <see cref="TerminateMode"/>, id, bytes: what interrupts the agent. Answered by <see cref="Acked"/>.</summary>
    Terminate = 7,

    /// <summary>number: the new lease deadline, absolute CLOCK_BOOTTIME milliseconds.</summary>
    Renew = 8,

    /// <summary>numbers: new limits of both spools in bytes. A smaller one than what is spooled stops reading.</summary>
    Limits = 9,

    /// <summary>id: the path of the attempt's directory, bytes: <see cref="LaunchSpec"/> as <see cref="LaunchFields"/>. Only as the first frame of standard input.</summary>
    Launch = 10,

    /// <summary>numbers: pid and start time of the agent.</summary>
    Spawned = 64,

    /// <summary>numbers: bytes in both spools. Sent at once, then at most every 10 ms.</summary>
    Grew = 65,

    /// <summary>id: of the command that is done.</summary>
    Acked = 66,

    /// <summary>id: of the command that will never be done, for standard input is closed or the attempt is ending.</summary>
    Refused = 67,

    /// <summary>numbers: <see cref="SpoolStream"/>, bytes in it, errno (0: the limit). Reading has stopped; the agent waits.</summary>
    SpoolFull = 68,

    /// <summary>number: how many processes live on after SIGKILL (uninterruptible sleep, or another user's).</summary>
    Lingering = 69,

    /// <summary>bytes: <see cref="ExitRecord"/> as <see cref="ExitRecordJson"/>. The last frame.</summary>
    Exited = 70,
}
