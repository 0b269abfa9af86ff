using Microsoft.Extensions.Logging;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Stuck;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>
/// Follows one attempt from its supervisor's signals to its end: reads, parses, records, closes the agent's input, reports.
/// All it knows is in the ledger, the spool and the supervisor, so another pump can go on from any point.
/// </summary>
internal sealed partial class AttemptPump : IAsyncDisposable
{
    /// <summary>How often an agent that waits for the end of its input is looked at again.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    /// <summary>A timer takes 49 days at most, and some agents may be silent for longer.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly AttemptContext _context;
    private readonly FollowedAttempt _attempt;
    private readonly IRunAttemptsGrain _grain;
    private readonly TimeSpan _flushInterval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly StuckWatch _watch;
    private readonly SparseLog _lingeringLog;
    private readonly FullSpools _full;
    private readonly ExecutionOptions _options;
    private SpoolReader _reader;
    private AttemptStart? _start;
    private long? _waitingSince;
    private readonly HashSet<Guid> _delivered = [];
    private AttemptEnd? _end;
    private bool _isReleased;

    // What the run shows of the spools. Empty: an earlier process may have left anything there.
    private string? _shownFull;
    private long? _closeAskedAt;
    private Task<bool>? _next;

    public AttemptPump(AttemptContext context, FollowedAttempt attempt, IRunAttemptsGrain grain, AttemptPosition? position, ExecutionOptions options, TimeProvider time, ILogger logger)
    {
        (_context, _attempt, _grain, _time, _logger) = (context, attempt, grain, time, logger);
        _lingeringLog = new(time);
        _full = new(options.Node);
        _options = options;
        _shownFull = position is null ? null : "";
        _watch = new(context, attempt, grain, RunSpec.FromJson(context.Order.Spec).Phases?.Over(options.Phases) ?? options.Phases, time);
        _flushInterval = options.FlushInterval;
        FlushBytes = options.FlushBytes;
        _reader = Reader(position);
    }

    private int FlushBytes { get; }

    private RunId Run => _context.Order.Run;

    private int Attempt => _context.Order.Attempt;

    /// <summary>Follows the attempt until its end is durable, or an operator has released what can't be ended; false when the line broke without either.</summary>
    public async Task<bool> FollowAsync(SupervisorConnection connection, CancellationToken stopping)
    {
        if (await PumpAsync(connection, stopping) is not { } exit)
        {
            return _isReleased;
        }

        await ReportEndAsync(exit, [], stopping);
        return true;
    }

    /// <summary>The attempt's tree is gone: takes what the spool holds and reports the end.</summary>
    /// <param name="exit">Null when its supervisor was lost.</param>
    /// <param name="swept">What a sweep ended in its stead.</param>
    /// <param name="stopping">The silo stops.</param>
    public Task ReportEndAsync(ExitRecord? exit, IReadOnlyList<EndedProcess> swept, CancellationToken stopping) =>
        RetryAsync(() => EndAsync(exit, swept, stopping), stopping);

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The agent is, or was, executed: told with its next output or its end.</summary>
    public void Started(ProcessRecord agent) => _start = Describe(agent);

    private async Task<ExitRecord?> PumpAsync(SupervisorConnection connection, CancellationToken stopping)
    {
        var signals = connection.Signals;
        await WatchAsync(connection, stopping);
        while (true)
        {
            var more = await WaitAsync(signals, stopping);
            while (signals.TryRead(out var signal))
            {
                switch (signal)
                {
                    case SupervisorSignal.Exited exited:
                        return exited.Record;
                    case SupervisorSignal.Lost:
                        return null;
                    case SupervisorSignal.Spawned spawned:
                        Started(spawned.Agent);
                        break;
                    case SupervisorSignal.Acked acked when Guid.TryParse(acked.Id, out var message):
                        await TellDeliveredAsync(message, stopping);
                        break;
                    case SupervisorSignal.SpoolFull full:
                        if (_full.Add(full))
                        {
                            LogSpoolFull(Run, Attempt, full.Stream, full.Bytes, full.Errno);
                        }

                        if (full.Errno == 0)
                        {
                            await EndAtLimitAsync(connection, full);
                        }

                        break;
                    case SupervisorSignal.Grew grew:
                        _full.Add(grew);
                        break;
                    case SupervisorSignal.Lingering lingering:
                        await TellLingeringAsync(lingering.Processes, stopping);
                        if (_isReleased)
                        {
                            return null;
                        }

                        break;
                }
            }

            if (!more)
            {
                return null;
            }

            var done = _reader.Read();
            while (_reader.IsFull || IsReportDue())
            {
                await ReportAsync(connection, stopping);
                if (done)
                {
                    break;
                }

                done = _reader.Read();
            }

            await ShowFullAsync(stopping);
            await WatchAsync(connection, stopping);
        }
    }

    private Task WatchAsync(SupervisorConnection connection, CancellationToken stopping) =>
        TellAsync(() => _watch.LookAsync(_reader.Lines, _reader.Parser.Progress, connection, isHeldUp: _full.IsAny), stopping);

    /// <summary>Wakes for a signal, or when what is to be told has waited long enough.</summary>
    private async Task<bool> WaitAsync(System.Threading.Channels.ChannelReader<SupervisorSignal> signals, CancellationToken stopping)
    {
        var next = _next ??= signals.WaitToReadAsync(stopping).AsTask();
        TimeSpan?[] dues = [HasReport ? _flushInterval - WaitedFor() : null, AwaitsInputClose ? CloseDueIn() : null, _watch.DueIn];
        if (dues.Min() is not { } wait || next.IsCompleted)
        {
            _next = null;
            return await next;
        }

        if (wait <= TimeSpan.Zero)
        {
            return true;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var first = await Task.WhenAny(next, Task.Delay(wait < LongestWait ? wait : LongestWait, _time, over.Token));
        await over.CancelAsync();
        if (first != next)
        {
            return true;
        }

        _next = null;
        return await next;
    }

    /// <summary>Something is known that the run's grain has not been told.</summary>
    private bool HasReport => _start is not null || _reader.HasOutput;

    private bool IsReportDue() => (HasReport && WaitedFor() >= _flushInterval) || (AwaitsInputClose && CloseDueIn() <= TimeSpan.Zero);

    /// <summary>Since the first of it was known.</summary>
    private TimeSpan WaitedFor() => _time.GetElapsedTime(_waitingSince ??= _time.GetTimestamp());

    /// <summary>
    /// The agent gave its result and exits only when its input is closed: ask at once whether anything more is to be said, and
    /// again while it lives on, for a message may lie in between and an order to close may be lost.
    /// </summary>
    private bool AwaitsInputClose =>
        _context.Adapter.Capabilities.WaitsForStdinClose && _reader.Parser.Progress is { Phase: AgentPhase.Result, BackgroundTasks: 0 };

    private TimeSpan CloseDueIn() => _closeAskedAt is { } asked ? AskAgain - _time.GetElapsedTime(asked) : TimeSpan.Zero;

    private SpoolReader Reader(AttemptPosition? position, SpoolBound? bound = null)
    {
        var (passedOver, parser) = SpoolSnapshot.Read(position?.Snapshot ?? []);
        return new(
            _context.Directory.StdoutPath,
            _context.Directory.StderrPath,
            _context.Adapter.CreateParser(_context.Baseline, parser, _context.AgentOptions),
            passedOver,
            _context.Adapter.Capabilities,
            position?.StdoutOffset ?? 0,
            position?.StderrOffset ?? 0,
            bound is null ? FlushBytes : int.MaxValue,
            bound);
    }

    [LoggerMessage(LogLevel.Warning, "A report of run {Run}, attempt {Attempt} was not answered; it is sent again.")]
    private partial void LogRetry(RunId run, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} is not the run's open attempt any more; its processes are ended.")]
    private partial void LogStale(RunId run, int attempt);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt}: the {Stream} spool is full at {Bytes} bytes (errno {Errno}).")]
    private partial void LogSpoolFull(RunId run, int attempt, SpoolStream stream, long bytes, int errno);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt}: {Count} processes live on after SIGKILL.")]
    private partial void LogLingering(RunId run, int attempt, int count);
}
