using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Stuck;

/// <summary>Climbs the ladder for one attempt. Its memory begins anew with whoever follows the attempt: a silo's crash gives it another limit's time.</summary>
internal sealed class StuckWatch(AttemptContext context, FollowedAttempt attempt, IRunAttemptsGrain grain, PhaseLimits limits, TimeProvider time)
{
    private readonly int _attempt = context.Order.Attempt;
    private readonly AgentCapabilities _agent = context.Adapter.Capabilities;
    private long _spokenAt = time.GetTimestamp();
    private long _steppedAt;
    private long _lines = -1;
    private AgentPhase _phase;
    private StuckStep _step;
    private TreeActivity? _activity;
    private long? _lookAt;

    /// <summary>When to call <see cref="LookAsync"/> at the latest; null while there is nothing to wait for.</summary>
    public TimeSpan? DueIn => _lookAt is { } at ? TimeSpan.FromTicks(Math.Max(0, time.GetElapsedTime(time.GetTimestamp(), at).Ticks)) : null;

    /// <param name="lines">Whole lines read so far.</param>
    /// <param name="progress">What they told.</param>
    /// <param name="connection">The line to the supervisor.</param>
    /// <param name="isHeldUp">It can't speak, for what it says is not taken: no silence of its own.</param>
    public async Task LookAsync(long lines, AgentProgress progress, SupervisorConnection connection, bool isHeldUp)
    {
        if (isHeldUp && _step < StuckStep.Terminate)
        {
            (_lines, _phase, _spokenAt, _step, _lookAt) = (lines, progress.Phase, time.GetTimestamp(), StuckStep.None, null);
            return;
        }

        // Who was asked to end its turn answers by ending it; that its input is still read proves nothing.
        if (progress.Phase != _phase || (lines != _lines && _step < StuckStep.Interrupt))
        {
            (_lines, _phase, _spokenAt) = (lines, progress.Phase, time.GetTimestamp());
        }
        else if (DueIn > TimeSpan.Zero)
        {
            return;
        }

        var onStep = time.GetElapsedTime(_steppedAt);
        var seen = _step == StuckStep.Suspect ? Look() : null;
        var evidence = new StuckEvidence(
            progress,
            time.GetElapsedTime(_spokenAt),
            _step,
            onStep,
            seen is not null && _activity is not null && seen.IsBusySince(_activity, onStep),
            _agent.Interrupt);
        var verdict = StuckDecisions.Decide(evidence, limits, _agent);
        _lookAt = verdict.LookAgainIn is { } wait ? time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency) : null;
        if (verdict.Step != _step)
        {
            await TakeAsync(verdict.Step, evidence, connection);
        }
        else if (seen is not null && onStep >= limits.StepPatience)
        {
            (_activity, _steppedAt) = (seen, time.GetTimestamp());
        }
    }

    private async Task TakeAsync(StuckStep step, StuckEvidence evidence, SupervisorConnection connection)
    {
        var text = StuckDecisions.Describe(evidence);
        switch (step)
        {
            case StuckStep.None:
                await ShowAsync(null);
                break;
            case StuckStep.Suspect:
                _activity = Look();
                await ShowAsync(text);
                break;
            case StuckStep.Interrupt:
                var interrupt = Guid.NewGuid();
                context.Stuck = text;
                await connection.InterruptAsync(interrupt.ToString(), context.Adapter.EncodeInterrupt(interrupt) ?? default);
                break;
            case StuckStep.Terminate:
                context.Stuck = text;
                context.StuckProcesses = Look()?.Processes ?? [];
                await connection.TerminateAsync($"stuck-{context.Order.Run}-{_attempt}", Supervisor.Protocol.TerminateMode.Polite);
                break;
            case StuckStep.Kill:
                SupervisorEnding.TryKill(context.Directory, attempt.HasLingered);
                break;
        }

        (_step, _steppedAt) = (step, time.GetTimestamp());
    }

    private async Task ShowAsync(string? text)
    {
        try
        {
            await grain.SuspectAsync(_attempt, text);
        }
        catch (RunConflictException refused) when (refused.Refusal is not null)
        {
            // The ladder is climbed whether it can be shown or not.
        }
    }

    private TreeActivity? Look() => context.Directory.ReadSupervisor() is { } supervisor ? TreeActivity.Of(supervisor.Pid) : null;
}
