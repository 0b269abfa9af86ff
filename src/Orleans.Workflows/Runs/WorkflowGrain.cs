using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Appending;

namespace Orleans.Workflows.Runs;

/// <summary>
/// One run's single writer. Every method has one shape: decide (pure), append (durable), take the new state, carry out
/// the effects. See <see cref="IWorkflowGrain"/> for what it promises; <c>WorkflowGrain.*.cs</c> hold its parts.
/// </summary>
// Next to whoever starts or claims it: almost every call of a run comes from the silo that runs it.
[PreferLocalPlacement]
internal sealed partial class WorkflowGrain(
    ILedger ledger,
    IAdmissionLink admission,
    INodeLink nodes,
    AgentCatalog agents,
    IOptions<RunOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<WorkflowGrain> logger) : Grain, IWorkflowGrain, IRunAttemptsGrain
{
    private readonly RunOptions _options = options.Value;
    private RunState? _state;

    private RunId Id => new(this.GetPrimaryKey());

    private DateTimeOffset Now => time.GetUtcNow();

    public async Task<StartRunResult> StartAsync(RunOrder order)
    {
        if (_state is not null)
        {
            return new(InfoOf(_state), Existing: true);
        }

        var decision = RunDecisions.Accept(Id, order, _options, Now);
        var result = await ledger.AppendAsync(decision.Append!);
        switch (result.Status)
        {
            case AppendStatus.Committed:
                Take(decision);
                LeaveMemoryIfItWaitsLong();
                return new(InfoOf(_state!));
            case AppendStatus.VersionConflict:
                // The same id was accepted before: an answer was lost and the call repeated.
                return new(InfoOf(await LoadAsync() ?? throw Broken(result)), Existing: true);
            case AppendStatus.KeyClaimed:
                DeactivateOnIdle();
                return new(null, Existing: true);
            case AppendStatus.SessionBusy:
                DeactivateOnIdle();
                return StartRunResult.Refused(Failure.Conflict("session_busy", $"Another run of session {order.SessionId} has not ended.", "Wait for its end, or cancel it."));
            default:
                DeactivateOnIdle();
                throw Broken(result);
        }
    }

    public async Task<RunInfo?> GetAsync() => await LoadAsync() is { } state ? InfoOf(state) : null;

    public Task<RunCommandResult> MessageAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.Message(state, command, agents.Find(state.Row.Agent)?.Capabilities.Messages == true, Now));

    public Task<RunCommandResult> CancelAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.Cancel(state, command, _options, Now));

    public Task<RunCommandResult> TerminateAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.Terminate(state, command, _options, Now));

    public Task<RunCommandResult> ReleaseAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.Release(state, command, _options, Now));

    public Task<RunCommandResult> ReleaseLocksAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.ReleaseLocks(state, command, Now));

    public Task<RunCommandResult> PauseAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.Pause(state, command, agents.Find(state.Row.Agent)?.Capabilities is { Interrupt: true, Resume: true }, _options, Now));

    public Task<RunCommandResult> ResumeAsync(RunCommand command) =>
        CommandAsync(command, state => RunDecisions.Resume(state, command, _options, Now));

    public async Task WakeAsync()
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.Wake(state, _options, Now));
        }
    }

    private async Task<RunCommandResult> CommandAsync(RunCommand command, Func<RunState, RunDecision> decide)
    {
        if (await LoadAsync() is not { } state)
        {
            return new(null, RunRequests.Missing(Id));
        }

        // A repeat answers what the first did; one that took effect long ago stands in the ledger only.
        if (state.Inbox.All(known => known.Id != command.Id) && (await ledger.ReadCommandsAsync(Id, pendingOnly: false)).Any(known => known.Id == command.Id))
        {
            return new(InfoOf(_state!));
        }

        var decision = decide(_state!);
        if (decision.Failure is not null)
        {
            return new(InfoOf(_state!), decision.Failure);
        }

        await ApplyAsync(decision);
        return new(InfoOf(_state!));
    }

    /// <summary>Makes a decision durable, then true. After anything but a commit this activation's memory is suspect and it ends; the caller may repeat its command.</summary>
    private async Task<bool> ApplyAsync(RunDecision decision)
    {
        if (decision.Append is not null)
        {
            AppendResult result;
            try
            {
                result = await ledger.AppendAsync(decision.Append);
            }
            catch
            {
                Leave();
                throw;
            }

            if (result.Status == AppendStatus.StaleEpoch)
            {
                return false;
            }

            if (!result.IsCommitted)
            {
                Leave();
                throw Broken(result);
            }
        }

        Take(decision);
        return true;
    }

    private void Take(RunDecision decision)
    {
        _state = decision.Next;
        SetClock();
        CompleteWaits();
        foreach (var effect in decision.Effects)
        {
            CarryOut(effect);
        }
    }

    private RunConflictException Broken(AppendResult result)
    {
        LogBroken(Id, result.Status, result.Error);
        return new($"The ledger refused a step of run {Id}: {result.Status} {result.Error}") { Refusal = result.Status == AppendStatus.Rejected ? result.Error ?? "" : null };
    }

    [LoggerMessage(LogLevel.Warning, "The ledger refused a step of run {Run}: {Status} {Error}")]
    private partial void LogBroken(RunId run, AppendStatus status, string? error);
}
