using Microsoft.Extensions.Logging;

namespace Orleans.Workflows.Runs;

/// <summary>Acting on what is durable, and telling who waits.</summary>
internal sealed partial class WorkflowGrain
{
    /// <summary>Longest wait of a caller: under the grain call time-out.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(25);

    private readonly List<Wait> _waits = [];

    public async Task<RunInfo?> WaitAsync(long afterSeq, bool untilEnded, TimeSpan wait)
    {
        if (await LoadAsync() is not { } state)
        {
            return null;
        }

        var waiting = new Wait(afterSeq, untilEnded, new());
        if (!waiting.IsOver(state))
        {
            _waits.Add(waiting);
            // A silo can't stop while a grain of it still waits.
            using var over = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
            await Task.WhenAny(waiting.Done.Task, Task.Delay(wait < LongestWait ? wait : LongestWait, time, over.Token));
            await over.CancelAsync();
            _waits.Remove(waiting);
        }

        return InfoOf(_state ?? state);
    }

    private void CompleteWaits()
    {
        foreach (var wait in _waits.Where(wait => wait.IsOver(_state!)).ToArray())
        {
            wait.Done.TrySetResult();
        }
    }

    /// <summary>Ends this activation without waiting for who waits here: they would hold up all that the next one is asked.</summary>
    private void Leave()
    {
        _waits.ForEach(wait => wait.Done.TrySetResult());
        DeactivateOnIdle();
    }

    private void CarryOut(RunEffect effect)
    {
        switch (effect)
        {
            case RunEffect.OfferRun offer:
                admission.Offer(offer.Offer);
                break;
            case RunEffect.Withdraw:
                admission.Withdraw(Id);
                break;
            case RunEffect.Release:
                // The attempt that ended is the run's latest, whose number is the run's epoch.
                admission.Release(Id, _state!.Row.Epoch);
                break;
            case RunEffect.Unlock:
                admission.Unlock(Id, _state!.Row.Epoch);
                break;
            case RunEffect.Find find:
                if (!find.IsEarly || admission.IsProbing)
                {
                    admission.Find(find.Finding);
                }

                break;
            case RunEffect.Spend spend:
                if (spend.Usage.HasEnded || admission.CountsUsage)
                {
                    admission.Spend(spend.Usage);
                }

                break;
            case RunEffect.StopAttempt stop:
                Send(nodes.StopAsync(stop.Node, Id, stop.Attempt, stop.CommandId, stop.Now));
                break;
            case RunEffect.Deliver deliver:
                Send(DeliverAsync(deliver));
                break;
            case RunEffect.CheckAttempt check:
                Send(nodes.CheckAsync(check.Node, Id, check.Attempt));
                break;
        }
    }

    /// <summary>Not awaited: the node reports back by itself, and the run's deadline repeats what was lost.</summary>
    private async void Send(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception exception)
        {
            LogLost(Id, exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A request of run {Run} did not reach its node; its deadline repeats it.")]
    private partial void LogLost(RunId run, Exception exception);

    private sealed record Wait(long AfterSeq, bool UntilEnded, TaskCompletionSource Done)
    {
        public bool IsOver(RunState state) =>
            state.Row.Status.IsTerminal() || (!UntilEnded && state.Row.LastEventSeq > AfterSeq);
    }
}
