using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;

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

    /// <summary>Attempts that were started or found here so lately that their memory is not all to be seen yet.</summary>
    public int Young => _slots.CountSince(Room.StartRoom.Settling);

    /// <summary>What is followed here; attempt 0 is a slot kept for a launch.</summary>
    public IEnumerable<(RunId Run, int Attempt)> Followed => _slots.Taken;

    private CancellationToken Stopping => _stopping.Token;

    /// <inheritdoc cref="NodeSlots.ReserveAsync"/>
    public Task<bool> ReserveAsync(RunId run, TimeSpan patience) => _slots.ReserveAsync(run, patience);

    /// <inheritdoc cref="NodeSlots.CancelReservation"/>
    public void CancelReservation(RunId run) => _slots.CancelReservation(run);

    /// <summary>Launches a claimed attempt and follows it in the background. A second launch of the same attempt does nothing.</summary>
    public async Task LaunchAsync(LaunchOrder order)
    {
        var attempt = new FollowedAttempt(order.Attempt, time);
        if (!_slots.TryLaunch(order.Run, attempt))
        {
            LogNotReserved(order.Run, order.Attempt);
            return;
        }

        var follower = Follower(order.Run, attempt);
        if (services.GetKeyedService<IInSiloAgent>(order.Agent) is { } inSilo)
        {
            _ = FollowAsync(order.Run, attempt, follower, async () => await follower.ReportAsync(await RunInSiloAsync(order, inSilo)));
            return;
        }

        var launched = LaunchResult.Unknown;
        try
        {
            launched = await launcher.LaunchAsync(order, Stopping);
            if (launched is { Connection: { } connection, Context: { } context })
            {
                await attempt.AttachAsync(connection, context);
            }
        }
        catch (Exception exception)
        {
            // Whether it is executed, the attempt's files will tell.
            LogLaunch(order.Run, order.Attempt, exception);
        }

        _ = FollowAsync(order.Run, attempt, follower, () => follower.GoOnAsync(order, launched));
    }

    /// <summary>Takes over an attempt that the ledger shows on this node and this process does not follow; goes on in the background.</summary>
    public void Adopt(RunId run, int number)
    {
        var attempt = new FollowedAttempt(number, time);
        if (_slots.TryAdopt(run, attempt))
        {
            _ = FollowAsync(run, attempt, Follower(run, attempt), null);
        }
    }

    /// <summary>Ends the attempt's tree. A kill that has had no effect for long ends the supervisor itself, unless it obeyed and its processes live on.</summary>
    public async Task StopAsync(RunId run, int number, Guid commandId, bool now)
    {
        if (_slots.TryFind(run, number, out var attempt) && await attempt.StopAsync(commandId, now) > _options.SupervisorPatience
            && SupervisorEnding.TryKill(AttemptDirectory.Of(_options.StateDirectory, run.Value, number), attempt.HasLingered))
        {
            LogDisobeyed(run, number);
        }
    }

    public Task DeliverAsync(RunId run, int number, Guid messageId, string text) =>
        _slots.TryFind(run, number, out var attempt) ? attempt.DeliverAsync(messageId, text) : Task.CompletedTask;

    /// <summary>Has every supervisor that is followed go on until an absolute time of the boot clock.</summary>
    public Task RenewAsync(long untilBootMs) => Task.WhenAll(_slots.Launched.Select(slot => slot.Attempt.RenewAsync(untilBootMs)));

    /// <summary>Answers "what became of it": what is followed goes on, anything else is adopted, which finds and reports its end.</summary>
    public void Check(RunId run, int number) => Adopt(run, number);

    /// <summary>Ends every agent of this node and waits until their ends are durable.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_slots.Launched.Select(slot => StopAsync(slot.Run, slot.Attempt.Number, Guid.NewGuid(), now: true)));
        await Task.WhenAll(_slots.Launched.Select(slot => slot.Attempt.Ended)).WaitAsync(cancellationToken);
    }

    /// <summary>Follows nothing any more: agents that still run go on, and the next process of this node adopts them.</summary>
    public async Task DetachAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_slots.Launched.Select(slot => slot.Attempt.Ended));
    }

    public void Dispose() => _stopping.Dispose();

    private AttemptFollower Follower(RunId run, FollowedAttempt attempt) =>
        new(run, attempt, grains.GetRunAttempts(run), launcher, _options, time, logger, Stopping);

    private async Task FollowAsync(RunId run, FollowedAttempt attempt, AttemptFollower follower, Func<Task<bool>>? first)
    {
        // Leave the caller's grain turn: the attempt outlives the call that launched it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await follower.FollowAsync(first);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // The silo stops; the agent goes on and the next process of this node adopts it.
        }
        catch (Exception exception) when (Stopping.IsCancellationRequested)
        {
            LogStopping(run, attempt.Number, exception);
        }
        finally
        {
            _slots.Free(run, attempt);
            attempt.End();
        }
    }

    private async Task<AttemptEnd> RunInSiloAsync(LaunchOrder order, IInSiloAgent agent)
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

        return new() { Attempt = order.Attempt, Outcome = outcome };
    }

    [LoggerMessage(LogLevel.Error, "Run {Run}, attempt {Attempt} could not be launched.")]
    private partial void LogLaunch(RunId run, int attempt, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Run {Run}, attempt {Attempt} was to be launched without a slot of this node; it was not.")]
    private partial void LogNotReserved(RunId run, int attempt);

    [LoggerMessage(LogLevel.Error, "Run {Run}, attempt {Attempt} did not end although it was told to; its supervisor is killed, and its agent with it.")]
    private partial void LogDisobeyed(RunId run, int attempt);

    [LoggerMessage(LogLevel.Debug, "Following run {Run}, attempt {Attempt} was cut short as the silo stops.")]
    private partial void LogStopping(RunId run, int attempt, Exception exception);
}
