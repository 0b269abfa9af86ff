using Microsoft.Extensions.Logging;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Admission;

internal sealed partial class AdmissionSync
{
    [LoggerMessage(LogLevel.Information, "Admission rebuilt from the ledger under epoch {Epoch}; {Waiting} runs wait.")]
    private partial void LogRebuilt(long epoch, int waiting);

    [LoggerMessage(LogLevel.Warning, "A grant of epoch {Epoch} was not claimed in time; the epoch is void.")]
    private partial void LogVoid(long epoch);

    [LoggerMessage(LogLevel.Warning, "Admission epoch {Epoch} is over: the ledger is at {Current}. The index is built again.")]
    private partial void LogSuperseded(long epoch, long current);

    [LoggerMessage(LogLevel.Information, "Run {Run} was accepted but its offer was lost; it joins its queue now.")]
    private partial void LogHealed(RunId run);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} held a slot although it has ended; whoever should have told of it did not. The slot is free now.")]
    private partial void LogFreed(RunId run, int attempt);

    [LoggerMessage(LogLevel.Warning, "Node {Node} is lost; the runs that wait for it because their sessions are there begin anew elsewhere.")]
    private partial void LogLost(string node);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} held locks although the ledger shows none; whoever should have told of it did not. They are free now.")]
    private partial void LogUnlocked(RunId run, int attempt);

    [LoggerMessage(LogLevel.Error, "Run {Run} holds the locks {Locks}, which was not known; it is now.")]
    private partial void LogLocked(RunId run, string locks);

    [LoggerMessage(LogLevel.Warning, "Nobody starts on {Subject} until {Until}: {Reason}")]
    private partial void LogHeld(string subject, DateTimeOffset until, string reason);

    [LoggerMessage(LogLevel.Error, "Limit or hold {Limit} can't be read, so it holds nobody back: put it again.")]
    private partial void LogUnreadable(string limit, Exception exception);

    [LoggerMessage(LogLevel.Error, "Run {Run}, attempt {Attempt} on {Node} has not ended but held no slot; it occupies one now.")]
    private partial void LogOccupied(RunId run, int attempt, string node);
}
