using Microsoft.Extensions.Logging;
using Orleans.Workflows.Execution.Refusals;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution;

/// <summary>Going on past what the ledger refuses for good: no line of an agent's may keep its run from its end.</summary>
internal sealed partial class AttemptPump
{
    /// <summary>
    /// Tells what was read and refused anew, in pieces small enough that what is refused stands alone, and of that as much as is
    /// taken. Then the reader stands behind it.
    /// </summary>
    private async Task DropRefusedAsync(AttemptOutput? refused, bool isLast, CancellationToken stopping)
    {
        if (_start is { } start)
        {
            await RetryAsync(() => _grain.StartedReducedAsync(start), stopping);
            _start = null;
        }

        if (refused is not null)
        {
            await TellPiecesAsync(new(refused.StdoutTo, refused.StderrTo), isLast, stopping);
        }

        _waitingSince = null;
        await GoOnFromLedgerAsync();
        if (isLast)
        {
            _reader.Read();
            _reader.Finish();
        }
    }

    private async Task TellPiecesAsync(SpoolBound whole, bool isLast, CancellationToken stopping)
    {
        var bound = whole;
        while (await _grain.GetPositionAsync(Attempt) is { } position && (position.StdoutOffset < whole.Stdout || position.StderrOffset < whole.Stderr))
        {
            using var reader = Reader(position, bound);
            while (!reader.Read())
            {
            }

            if (isLast && bound.Stdout == whole.Stdout)
            {
                reader.Finish();
            }

            if (!reader.HasOutput)
            {
                if (bound == whole)
                {
                    // The files hold less than they did: the ordinary way goes on with what there is.
                    return;
                }

                bound = whole;
                continue;
            }

            var output = reader.Output(Attempt);
            if (await TryTellAsync(output, stopping) is not { } reason)
            {
                bound = RefusedOutput.Widen(output, whole);
            }
            else if (RefusedOutput.Narrow(output) is { } narrower)
            {
                bound = narrower;
            }
            else
            {
                await TellReducedAsync(output, reader, position, reason, stopping);
                bound = RefusedOutput.Widen(output, whole);
            }
        }
    }

    private async Task TellReducedAsync(AttemptOutput output, SpoolReader reader, AttemptPosition position, string reason, CancellationToken stopping)
    {
        LogRefused(Run, Attempt, output.StdoutFrom, output.StdoutTo, output.StderrFrom, output.StderrTo, reason);
        foreach (var reduced in OutputReductions.Of(output, reader.Batch.Events, Before(output, position), reason))
        {
            if (await TryTellAsync(reduced, stopping) is null)
            {
                return;
            }
        }

        throw new RunConflictException($"The ledger takes nothing of run {Run} any more: {reason}");
    }

    /// <summary>The parser as if it had not read the output, at its end.</summary>
    private (Agents.AgentProgress Progress, byte[] Snapshot) Before(AttemptOutput output, AttemptPosition position)
    {
        var (_, parser) = SpoolSnapshot.Read(position.Snapshot);
        var (passedOver, _) = SpoolSnapshot.Read(output.Snapshot);
        return (_context.Adapter.CreateParser(_context.Baseline, parser, _context.AgentOptions).Progress, SpoolSnapshot.Write(passedOver, parser));
    }

    /// <summary>What the ledger said of it if it refused it; null when the output was taken, or need not be.</summary>
    private async Task<string?> TryTellAsync(AttemptOutput output, CancellationToken stopping)
    {
        string? reason = null;
        await RetryAsync(
            async () =>
            {
                try
                {
                    await _grain.OutputAsync(output);
                }
                catch (RunConflictException refused) when (refused.Refusal is not null)
                {
                    reason = refused.Refusal;
                }
            },
            stopping);
        return reason;
    }

    /// <summary>Tells what is only for others to see: where the ledger refuses it for good, nobody does.</summary>
    private async Task TellAsync(Func<Task> report, CancellationToken stopping)
    {
        try
        {
            await RetryAsync(report, stopping);
        }
        catch (RunConflictException refused)
        {
            LogUntold(Run, Attempt, refused);
        }
    }

    [LoggerMessage(LogLevel.Error, "The ledger refuses output of run {Run}, attempt {Attempt} for good, at stdout {StdoutFrom} to {StdoutTo}, stderr {StderrFrom} to {StderrTo}: {Reason}. It is recorded without what is refused.")]
    private partial void LogRefused(RunId run, int attempt, long stdoutFrom, long stdoutTo, long stderrFrom, long stderrTo, string reason);

    [LoggerMessage(LogLevel.Error, "The ledger refuses a report of run {Run}, attempt {Attempt} for good; it is dropped.")]
    private partial void LogUntold(RunId run, int attempt, Exception exception);
}
