using Microsoft.Extensions.Logging;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Refusals;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>
/// Follows one attempt until its end is durable. Whatever disturbs it, it begins again with the evidence: the ledger's
/// position, and what the attempt's files, lock and socket say. So a fresh launch, an adoption and a repaired fault are one way.
/// </summary>
internal sealed partial class AttemptFollower(
    RunId run,
    FollowedAttempt attempt,
    IRunAttemptsGrain grain,
    AttemptLauncher launcher,
    ExecutionOptions options,
    TimeProvider time,
    ILogger logger,
    CancellationToken stopping)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly AttemptDirectory _directory = AttemptDirectory.Of(options.StateDirectory, run.Value, attempt.Number);
    private readonly SparseLog _leakLog = new(time);
    private long? _heldSince;
    private long? _sweptSince;
    private IReadOnlyDictionary<ProcessRecord, EndedProcess>? _swept;

    /// <param name="first">The first step, when more is known than the evidence; true when the end is durable.</param>
    public async Task FollowAsync(Func<Task<bool>>? first)
    {
        var step = first ?? ResumeAsync;
        for (var pause = FirstPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                if (await step())
                {
                    return;
                }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                LogDisturbed(run, attempt.Number, exception);
            }

            step = ResumeAsync;
            await Task.Delay(pause, time, stopping);
        }
    }

    /// <summary>What a launch left: a line to the supervisor, a failure before there was one, or neither, which only the files can tell.</summary>
    public Task<bool> GoOnAsync(LaunchOrder order, LaunchResult launched) => launched switch
    {
        { Connection: { } connection, Context: { } context } => PumpAsync(context, connection, null),
        { Failure: { } failure } => ReportAsync(NeverStarted(order.Attempt, failure)),
        _ => ResumeAsync(),
    };

    public async Task<bool> ReportAsync(AttemptEnd end)
    {
        await grain.EndedReducedAsync(end);
        return true;
    }

    private async Task<bool> ResumeAsync()
    {
        if (await grain.GetPositionAsync(attempt.Number) is not { } position)
        {
            return await EndStaleAsync();
        }

        var context = await launcher.RecallAsync(position, stopping);
        var remains = AttemptRemains.Look(_directory, position.BootId, position.Started, time);
        if (remains is not AttemptRemains.Held)
        {
            _heldSince = null;
        }

        if (context is null)
        {
            return await EndUnknownAgentAsync(position, remains);
        }

        switch (remains)
        {
            case AttemptRemains.Supervised supervised:
                return await AdoptAsync(context, supervised.Connection, position);
            case AttemptRemains.Ended ended:
                return await EndAsync(context, position, ended.Record);
            case AttemptRemains.Lost:
                return await SweepAsync(context, position);
            case AttemptRemains.Held held:
                FreeHung(held.Supervisor, position.Leaked);
                return false;
            default:
                return await ReportAsync(NeverStarted(attempt.Number, new()
                {
                    Status = RunStatus.Failed,
                    Reason = new(ReasonCodes.LaunchFailed, $"The attempt was never executed: its node or its supervisor stopped first. {_directory.File(AttemptFiles.Log)} may tell why."),
                    Retryable = true,
                }));
        }
    }

    private async Task<bool> AdoptAsync(AttemptContext context, SupervisorConnection connection, AttemptPosition position)
    {
        await using var line = connection;
        LogAdopting(run, attempt.Number);
        await attempt.AttachAsync(connection, context);
        await grain.FollowedAsync(attempt.Number);
        return await PumpAsync(context, connection, position);
    }

    /// <summary>False when the line broke without an end: then the evidence is looked at again.</summary>
    private async Task<bool> PumpAsync(AttemptContext context, SupervisorConnection connection, AttemptPosition? position)
    {
        await using var line = connection;
        await using var pump = new AttemptPump(context, attempt, grain, position, options, time, logger);
        return await pump.FollowAsync(connection, stopping);
    }

    private async Task<bool> EndAsync(AttemptContext context, AttemptPosition position, ExitRecord? exit, IReadOnlyList<EndedProcess>? swept = null)
    {
        await using var pump = new AttemptPump(context, attempt, grain, position, options, time, logger);
        if (!position.Started && _directory.ReadAgent() is { } agent)
        {
            pump.Started(agent);
        }

        await pump.ReportEndAsync(exit, swept ?? [], stopping);
        return true;
    }

    /// <summary>
    /// Nobody supervises what may still run: it is over when nothing of it is found any more, and not before. What has once lived
    /// on after SIGKILL may belong to another user or have no environment left, so that no sweep finds it: an operator releases it.
    /// </summary>
    private async Task<bool> SweepAsync(AttemptContext context, AttemptPosition position)
    {
        var swept = await EnvironmentSweep.RunAsync(_directory.MarkerValue, time, stopping, _swept);
        _swept = swept.Ended;
        if (!HasLingered(position.Leaked))
        {
            if (swept.IsClean)
            {
                return await EndAsync(context, position, null, [.. swept.Ended.Values]);
            }

            // A large or busy process takes its time to go.
            if (time.GetElapsedTime(_sweptSince ??= time.GetTimestamp()) < options.SupervisorPatience)
            {
                return false;
            }
        }

        if (_leakLog.IsDue())
        {
            LogLeaked(run, attempt.Number);
        }

        var isOpen = await grain.LeakedAsync(attempt.Number, "Its supervisor was lost, and processes of it lived on after SIGKILL. Release it once they are gone.");
        return !isOpen;
    }

    private bool HasLingered(bool isLeaked) => isLeaked || attempt.HasLingered || _directory.HasLingered;

    /// <summary>The run does not know the attempt as its open one any more: whatever is left of it ends, and nobody is told.</summary>
    private async Task<bool> EndStaleAsync()
    {
        if (AttemptRemains.Look(_directory, null, wasStarted: true, time) is AttemptRemains.Supervised supervised)
        {
            LogStale(run, attempt.Number);
            await using var connection = supervised.Connection;
            await connection.TerminateAsync($"stale-{run}-{attempt.Number}", TerminateMode.Now);
            using var patience = new CancellationTokenSource(options.SupervisorPatience, time);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping, patience.Token);
            try
            {
                // Until the last signal: its end, or that it is lost. One whose processes live on goes on by itself and needs nobody.
                while (!HasLingered(isLeaked: false) && await connection.Signals.WaitToReadAsync(over.Token))
                {
                    attempt.HasLingered |= connection.Signals.TryRead(out var signal) && signal is SupervisorSignal.Lingering;
                }
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                LogHung(run, attempt.Number, _directory.ReadSupervisor()?.Pid);
                SupervisorEnding.TryKill(_directory, attempt.HasLingered);
                return false;
            }

            if (HasLingered(isLeaked: false))
            {
                return true;
            }
        }

        // What lives on has no slot of this node: the comparison of processes finds it again and again.
        await EnvironmentSweep.RunAsync(_directory.MarkerValue, time, stopping);
        return true;
    }

    private async Task<bool> EndUnknownAgentAsync(AttemptPosition position, AttemptRemains remains)
    {
        if (remains is AttemptRemains.Supervised supervised)
        {
            await using var connection = supervised.Connection;
            await connection.TerminateAsync($"unknown-{run}-{attempt.Number}", TerminateMode.Now);
        }

        if (remains is AttemptRemains.Lost && HasLingered(position.Leaked))
        {
            return !await grain.LeakedAsync(attempt.Number, "Its supervisor was lost, and processes of it lived on after SIGKILL. Release it once they are gone.");
        }

        return remains is not (AttemptRemains.Supervised or AttemptRemains.Held)
            && (await EnvironmentSweep.RunAsync(_directory.MarkerValue, time, stopping)).IsClean
            && await ReportAsync(new()
            {
                Attempt = attempt.Number,
                Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.LaunchFailed, $"This node knows no agent '{position.Order.Agent}' any more.") },
            });
    }

    /// <summary>A supervisor that holds its lock and does not answer for long is woken, then ended: its agent dies with it.</summary>
    private void FreeHung(ProcessRecord? supervisor, bool isLeaked)
    {
        var held = time.GetElapsedTime(_heldSince ??= time.GetTimestamp());
        if (held < options.SupervisorPatience)
        {
            return;
        }

        if (SupervisorEnding.TryKill(_directory, HasLingered(isLeaked)))
        {
            LogHung(run, attempt.Number, supervisor?.Pid);
        }
    }

    private static AttemptEnd NeverStarted(int number, Outcome outcome) => new() { Attempt = number, Outcome = outcome, NeverStarted = true };

    [LoggerMessage(LogLevel.Information, "Run {Run}, attempt {Attempt}, which another process or line of this node followed, is followed from here.")]
    private partial void LogAdopting(RunId run, int attempt);

    [LoggerMessage(LogLevel.Warning, "Following run {Run}, attempt {Attempt} was disturbed; it goes on from what the ledger and the attempt's files say.")]
    private partial void LogDisturbed(RunId run, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} is not the run's open attempt any more; its processes are ended.")]
    private partial void LogStale(RunId run, int attempt);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} has lost its supervisor, and processes of it lived on after SIGKILL: it stays open until an operator releases it.")]
    private partial void LogLeaked(RunId run, int attempt);

    [LoggerMessage(LogLevel.Error, "The supervisor of run {Run}, attempt {Attempt} (pid {Pid}) holds its lock and does not answer; it is killed, and its agent with it.")]
    private partial void LogHung(RunId run, int attempt, int? pid);
}
