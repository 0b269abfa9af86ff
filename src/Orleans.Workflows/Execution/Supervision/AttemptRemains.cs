using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>What an attempt's files, lock and socket say of it, for whoever has no line to its supervisor. Never guessed from less.</summary>
internal abstract record AttemptRemains
{
    private AttemptRemains()
    {
    }

    /// <summary>Its supervisor lives and answers.</summary>
    internal sealed record Supervised(SupervisorConnection Connection) : AttemptRemains;

    /// <summary>Somebody holds its lock and can't be reached: a supervisor that begins, ends or hangs. Look again.</summary>
    internal sealed record Held(ProcessRecord? Supervisor) : AttemptRemains;

    /// <summary>The tree is proven gone and the spools are complete.</summary>
    internal sealed record Ended(ExitRecord Record) : AttemptRemains;

    /// <summary>It was executed, or may have been, and nobody supervises it: sweep before anything else.</summary>
    internal sealed record Lost : AttemptRemains;

    /// <summary>It was not executed and never will be.</summary>
    internal sealed record NeverStarted : AttemptRemains;

    /// <param name="directory">The attempt's files.</param>
    /// <param name="bootId">The machine's boot that the attempt was claimed in, if known.</param>
    /// <param name="wasStarted">The ledger shows that its process ran.</param>
    /// <param name="time">Clock of a connection.</param>
    internal static AttemptRemains Look(AttemptDirectory directory, string? bootId, bool wasStarted, TimeProvider time)
    {
        // Files that were not on disk yet when the machine went down prove nothing.
        var mayHaveRun = wasStarted || (bootId is not null && bootId != ProcessIdentity.BootId);
        if (!Directory.Exists(directory.Path))
            return mayHaveRun ? new Lost() : new NeverStarted();
        if (SupervisorConnection.Attach(directory, time) is { } connection)
            return new Supervised(connection);

        // Its record stands before it lets go of the lock, so the lock comes first.
        using var held = directory.TryLock();
        if (directory.ReadExit() is { } exit)
            return new Ended(exit);
        if (held is null)
            return new Held(directory.ReadSupervisor());
        if (directory.HasStarted)
            return new Lost();

        // A supervisor that reads its launch only now must find it void, whatever is known of the attempt.
        directory.WriteVoid();
        return mayHaveRun ? new Lost() : new NeverStarted();
    }
}
