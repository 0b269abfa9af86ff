using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>The attempts of this node: launches them, follows them, adopts those of an earlier process, and passes on what their runs ask.</summary>
internal sealed partial class Attempts(
    IServiceProvider services,
    IGrainFactory grains,
    AttemptLauncher launcher,
    IOptions<ExecutionOptions> options,
    TimeProvider time,
    ILogger<Attempts> logger) : IDisposable
{
    private readonly ExecutionOptions _options = options.Value;
    private readonly NodeSlots _slots = new(options.Value.Slots, time);
    private readonly CancellationTokenSource _stopping = new();

    /// <inheritdoc cref="NodeSlots.InUse"/>
    public int Count => _slots.InUse;

    private CancellationToken Stopping => _stopping.Token;

    /// <inheritdoc cref="NodeSlots.ReserveAsync"/>
    public Task<bool> ReserveAsync(RunId run, TimeSpan patience) => _slots.ReserveAsync(run, patience);

    /// <inheritdoc cref="NodeSlots.CancelReservation"/>
    public void CancelReservation(RunId run) => _slots.CancelReservation(run);

    /// <summary>Launches a claimed attempt and follows it in the background. A second launch of the same attempt does nothing.</summary>
    public async Task LaunchAsync(LaunchOrder order)
    {
        var attempt = new FollowedAttempt(order.Attempt);
        if (!_slots.TryLaunch(order.Run, attempt))
        {
            LogNotReserved(order.Run, order.Attempt);
            return;
        }

        if (services.GetKeyedService<IInSiloAgent>(order.Agent) is { } inSilo)
        {
            _ = FollowAsync(order, attempt, () => RunInSiloAsync(order, inSilo));
            return;
        }

        LaunchResult launched;
        try
        {
            launched = await launcher.LaunchAsync(order, Stopping);
        }
        catch (Exception exception)
        {
            LogLaunch(order.Run, order.Attempt, exception);
            launched = LaunchResult.Failed(ReasonCodes.Internal, $"The launch failed: {exception.Message}", retryable: true);
        }

        attempt.Attach(launched.Connection, launched.Context);
        _ = FollowAsync(order, attempt, () => launched is { Connection: { } connection, Context: { } context }
            ? PumpAsync(context, connection, null)
            : ReportUntilTakenAsync(order, new() { Attempt = order.Attempt, Outcome = launched.Failure!, NeverStarted = true }));
    }

    /// <summary>Takes over an attempt that the ledger shows on this node and this process does not follow.</summary>
    public async Task AdoptAsync(RunId run, int number)
    {
        var attempt = new FollowedAttempt(number);
        if (!_slots.TryAdopt(run, attempt))
        {
            return;
        }

        var position = await grains.GetRunAttempts(run).GetPositionAsync(number);
        if (position is null || await launcher.RecallAsync(position.Order, Stopping) is not { } context)
        {
            _slots.Free(run, attempt);
            return;
        }

        LogAdopting(run, number);
        context.StopRequested = position.StopRequested;
        var connection = Directory.Exists(context.Directory.Path) ? SupervisorConnection.Attach(context.Directory, time) : null;
        attempt.Attach(connection, context);
        _ = FollowAsync(position.Order, attempt, () => connection is not null
            ? PumpAsync(context, connection, position)
            : ReportRemainsAsync(context, position));
    }

    public async Task StopAsync(RunId run, int number, Guid commandId, bool now)
    {
        if (Find(run, number) is { Connection: { } connection, Context: { } context })
        {
            context.StopRequested = true;
            await connection.TerminateAsync(commandId.ToString(), now ? TerminateMode.Now : TerminateMode.Polite, now ? default : context.Adapter.EncodeInterrupt(commandId) ?? default);
        }
    }

    public async Task DeliverAsync(RunId run, int number, Guid messageId, string text)
    {
        if (Find(run, number) is { Connection: { } connection, Context: { } context } && context.Adapter.EncodeMessage(messageId, text) is { } bytes)
        {
            await connection.SendInputAsync(messageId.ToString(), bytes);
        }
    }

    /// <summary>Has every supervisor that is followed go on for <paramref name="lease"/> from now.</summary>
    public Task RenewAsync(TimeSpan lease)
    {
        var until = BootClock.Milliseconds + (long)lease.TotalMilliseconds;
        return Task.WhenAll(_slots.Launched.Select(slot => slot.Attempt.Connection?.RenewAsync(until) ?? Task.CompletedTask));
    }

    /// <summary>Answers "what became of it": what runs goes on, what is unknown here is adopted, which finds and reports its end.</summary>
    public Task CheckAsync(RunId run, int number) => Find(run, number) is null ? AdoptAsync(run, number) : Task.CompletedTask;

    /// <summary>Ends every agent of this node and waits until their ends are durable.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        foreach (var (run, attempt) in _slots.Launched)
        {
            await StopAsync(run, attempt.Number, Guid.NewGuid(), now: true);
        }

        await Task.WhenAll(_slots.Launched.Select(slot => slot.Attempt.Ended)).WaitAsync(cancellationToken);
    }

    /// <summary>Follows nothing any more: agents that still run go on, and the next process of this node adopts them.</summary>
    public async Task DetachAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_slots.Launched.Select(slot => slot.Attempt.Ended));
    }

    private FollowedAttempt? Find(RunId run, int number) => _slots.TryFind(run, number, out var attempt) ? attempt : null;

    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync(LaunchOrder order, FollowedAttempt attempt, Func<Task> follow)
    {
        // Leave the caller's grain turn: the attempt outlives the call that launched it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await follow();
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The silo stops; the agent goes on and the next process of this node adopts it.
        }
        catch (Exception exception)
        {
            LogFollow(order.Run, order.Attempt, exception);
        }
        finally
        {
            _slots.Free(order.Run, attempt);
            attempt.End();
        }
    }

    private async Task PumpAsync(AttemptContext context, SupervisorConnection connection, AttemptPosition? position)
    {
        await using var line = connection;
        await using var pump = new AttemptPump(context, Grain(context.Order), position, _options, time, logger);
        await pump.FollowAsync(connection, Stopping);
    }

    /// <summary>Nobody supervises the attempt any more: its files say how it ended, or that it never began.</summary>
    private async Task ReportRemainsAsync(AttemptContext context, AttemptPosition position)
    {
        // Files that were not on disk yet when the machine went down prove nothing.
        var sameBoot = position.BootId is null || position.BootId == ProcessIdentity.BootId;
        if (sameBoot && (!Directory.Exists(context.Directory.Path) || context.Directory.TryVoid()))
        {
            await ReportUntilTakenAsync(context.Order, new()
            {
                Attempt = context.Order.Attempt,
                Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.LaunchFailed, "The attempt was never launched: its node stopped first."), Retryable = true },
                NeverStarted = true,
            });
            return;
        }

        await using var pump = new AttemptPump(context, Grain(context.Order), position, _options, time, logger);
        await pump.ReportEndAsync(context.Directory.ReadExit() is { } exit ? new SupervisorSignal.Exited(exit) : new SupervisorSignal.Lost(), Stopping);
    }

    private async Task RunInSiloAsync(LaunchOrder order, IInSiloAgent agent)
    {
        Outcome outcome;
        try
        {
            await agent.RunAsync(Stopping);
            outcome = new() { Status = RunStatus.Completed, Reason = new(ReasonCodes.Success, "Done.") };
        }
        catch (Exception exception) when (!Stopping.IsCancellationRequested)
        {
            outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.AgentError, exception.Message) };
        }

        await ReportUntilTakenAsync(order, new() { Attempt = order.Attempt, Outcome = outcome });
    }

    private async Task ReportUntilTakenAsync(LaunchOrder order, AttemptEnd end)
    {
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                await Grain(order).EndedAsync(end);
                return;
            }
            catch (Exception exception) when (!Stopping.IsCancellationRequested)
            {
                LogFollow(order.Run, order.Attempt, exception);
                await Task.Delay(pause, time, Stopping);
            }
        }
    }

    private IRunAttemptsGrain Grain(LaunchOrder order) => grains.GetRunAttempts(order.Run);

    [LoggerMessage(LogLevel.Information, "Run {Run}, attempt {Attempt} of an earlier process of this node is adopted.")]
    private partial void LogAdopting(RunId run, int attempt);

    [LoggerMessage(LogLevel.Error, "Run {Run}, attempt {Attempt} could not be launched.")]
    private partial void LogLaunch(RunId run, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} was to be launched without a slot of this node; it was not.")]
    private partial void LogNotReserved(RunId run, int attempt);

    [LoggerMessage(LogLevel.Warning, "Following run {Run}, attempt {Attempt} was disturbed.")]
    private partial void LogFollow(RunId run, int attempt, Exception exception);
}
