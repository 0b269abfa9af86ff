using Orleans.Workflows.Execution.Refusals;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>Telling the run's grain, until it has answered.</summary>
internal sealed partial class AttemptPump
{
    private AttemptStart Describe(ProcessRecord agent) => new()
    {
        Attempt = Attempt,
        Pid = agent.Pid,
        PidStartTicks = agent.StartTime,
        BootId = agent.BootId,
        AgentVersion = _context.Plan?.Version,
        Branch = _context.Workspace?.Branch,
        Warning = _context.Warning,
        Details = _context.DetailsJson,
        Workspace = _context.Workspace?.Directory,
        At = _time.GetUtcNow(),
    };

    private async Task ReportAsync(SupervisorConnection? connection, CancellationToken stopping)
    {
        if (_reader.HasOutput || AwaitsInputClose)
        {
            await FlushAsync(connection, stopping);
            return;
        }

        var known = false;
        await RetryAsync(async () => known = await _grain.StartedReducedAsync(_start!), stopping);
        (_start, _waitingSince) = (null, null);
        if (!known)
        {
            await EndStaleAsync(connection);
        }
    }

    private async Task FlushAsync(SupervisorConnection? connection, CancellationToken stopping)
    {
        var asksToClose = AwaitsInputClose;
        var output = _reader.Output(Attempt) with { Start = _start };
        OutputReply? reply = null;
        try
        {
            await RetryAsync(async () => reply = await _grain.OutputAsync(output), stopping);
        }
        catch (RunConflictException refused) when (refused.Refusal is not null)
        {
            await DropRefusedAsync(output, isLast: false, stopping);
            return;
        }

        _waitingSince = null;
        if (reply!.Stale)
        {
            await EndStaleAsync(connection);
            _start = null;
            _reader.Recorded(output);
            return;
        }

        if (reply.StdoutOffset != output.StdoutTo || reply.StderrOffset != output.StderrTo)
        {
            await GoOnFromLedgerAsync();
            return;
        }

        _start = null;
        _reader.Recorded(output);
        _closeAskedAt = asksToClose ? _time.GetTimestamp() : null;
        if (reply.CloseInput && connection is not null)
        {
            await connection.CloseStdinAsync();
        }
    }

    /// <summary>It would wait for ever, as nothing takes from a spool. No interrupt: who waits to be read reads nothing.</summary>
    private Task EndAtLimitAsync(SupervisorConnection connection, SupervisorSignal.SpoolFull full)
    {
        _context.OutputLimit = FullSpools.DescribeLimit(full.Stream, full.Bytes);
        return connection.TerminateAsync($"output-limit-{Run}-{Attempt}", TerminateMode.Polite);
    }

    private async Task ShowFullAsync(CancellationToken stopping)
    {
        // Only a run that is known to run shows it.
        var text = _full.Text;
        if (text != _shownFull && _start is null)
        {
            await TellAsync(() => _grain.SuspectAsync(Attempt, text), stopping);
            _shownFull = text;
        }
    }

    private async Task TellDeliveredAsync(Guid message, CancellationToken stopping)
    {
        await TellAsync(() => _grain.DeliveredAsync(Attempt, message), stopping);
        _delivered.Add(message);
    }

    /// <summary>Told each time, which is how it hears of a release: its supervisor goes on trying without it.</summary>
    private async Task TellLingeringAsync(int processes, CancellationToken stopping)
    {
        _attempt.HasLingered = true;
        if (_lingeringLog.IsDue())
        {
            LogLingering(Run, Attempt, processes);
        }

        var isOpen = true;
        await TellAsync(async () => isOpen = await _grain.LeakedAsync(Attempt, $"{processes} of its processes live on after SIGKILL."), stopping);
        _isReleased = !isOpen;
    }

    private async Task EndStaleAsync(SupervisorConnection? connection)
    {
        LogStale(Run, Attempt);
        if (connection is not null)
        {
            await connection.TerminateAsync($"stale-{Run}-{Attempt}", TerminateMode.Now);
        }
    }

    /// <summary>Somebody else recorded further, or less, than this pump believed: the ledger is right.</summary>
    private async Task GoOnFromLedgerAsync()
    {
        if (await _grain.GetPositionAsync(Attempt) is { } position)
        {
            _reader.Dispose();
            _reader = Reader(position);
        }
    }

    private async Task EndAsync(ExitRecord? exit, IReadOnlyList<EndedProcess> swept, CancellationToken stopping)
    {
        while (!_reader.Read())
        {
            await FlushAsync(null, stopping);
        }

        _reader.Finish();

        // The end would have the next attempt told again what this one knows.
        foreach (var message in _context.Directory.ReadTold().Where(message => !_delivered.Contains(message)).ToArray())
        {
            await TellDeliveredAsync(message, stopping);
        }

        if (exit is not null)
        {
            _context.OutputLimit ??= FullSpools.DescribeLimit(exit, _options);
            _context.MemoryLimit = MemoryLimits.Describe(exit, RunSpec.FromJson(_context.Order.Spec).MemoryLimit, _options);
        }

        // Once: the workspace may be another run's by the time that a lost answer has the end told again.
        _end ??= await _context.DescribeEndAsync(exit, swept, _reader, _time.GetUtcNow(), stopping);
        var last = _reader.HasOutput ? _reader.Output(Attempt) : null;
        try
        {
            if (await _grain.EndedAsync(_end with { Last = last, Start = _start }))
            {
                return;
            }
        }
        catch (RunConflictException refused) when (refused.Refusal is not null)
        {
            // One after the other: what is refused may be the start, the output or the agent's last words.
            await DropRefusedAsync(last, isLast: true, stopping);
            if (await _grain.EndedReducedAsync(_end))
            {
                return;
            }
        }

        await GoOnFromLedgerAsync();
        throw new IOException("The attempt's end was not taken.");
    }

    /// <summary>A lost answer or an unreachable ledger: every report is idempotent, so it is sent until it is answered.</summary>
    /// <exception cref="RunConflictException">The ledger refuses it for good: twice, the second time by a grain that read its run anew.</exception>
    private async Task RetryAsync(Func<Task> report, CancellationToken stopping)
    {
        var refused = false;
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await report();
                return;
            }
            catch (RunConflictException refusal) when (refusal.Refusal is not null && refused)
            {
                throw;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                refused = exception is RunConflictException { Refusal: not null };
                LogRetry(Run, Attempt, exception);
                await Task.Delay(pause, _time, stopping);
            }
        }
    }
}
