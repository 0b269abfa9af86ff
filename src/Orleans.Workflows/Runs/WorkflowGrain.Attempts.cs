using Microsoft.Extensions.Logging;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Execution;

namespace Orleans.Workflows.Runs;

/// <summary>What the executing node reports.</summary>
internal sealed partial class WorkflowGrain
{
    public async Task<LaunchOrder?> ClaimAsync(Grant grant, string node, string bootId)
    {
        if (await LoadAsync() is not { } state)
        {
            return null;
        }

        var decision = RunDecisions.Claim(state, grant, node, bootId, _options, Now);
        if (decision.Append is null)
        {
            // The same grant again, after a lost answer: the attempt stands and has not been launched by anyone else.
            return state.Attempt is { StartedAt: null } open && open.Node == node && state.Row.Status == RunStatus.Starting ? RunDecisions.OrderOf(state) : null;
        }

        return await ApplyAsync(decision) ? RunDecisions.OrderOf(_state!) : null;
    }

    public async Task<bool> StartedAsync(AttemptStart start)
    {
        if (await LoadAsync() is not { } state || state.Attempt?.Number != start.Attempt)
        {
            return false;
        }

        await ApplyAsync(RunDecisions.Started(state, start, Now));
        return true;
    }

    public async Task<OutputReply> OutputAsync(AttemptOutput output)
    {
        if (await LoadAsync() is not { } state)
        {
            return new() { Stale = true };
        }

        await ApplyAsync(RunDecisions.Output(state, output, Now));
        if (RunDecisions.Turned(_state!, output.Progress.Phase, _options, Now) is { Append: not null } turned)
        {
            await ApplyAsync(turned);
        }

        return RunDecisions.Reply(_state!, output.Attempt);
    }

    public async Task<bool> EndedAsync(AttemptEnd end)
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.Ended(state, end, _options, Now));
        }

        return _state?.Attempt?.Number != end.Attempt;
    }

    public async Task FollowedAsync(int attempt)
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.Followed(state, attempt));
        }
    }

    public async Task<bool> NodeLostAsync(int attempt, TimeSpan window)
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.NodeLost(state, attempt, window, _options, Now));
        }

        return _state?.Attempt?.Number != attempt;
    }

    public async Task<bool> NodeDeclaredLostAsync(int attempt, RunCommand declaration)
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.NodeDeclaredLost(state, attempt, declaration, _options, Now));
        }

        return _state?.Attempt?.Number != attempt;
    }

    public async Task SuspectAsync(int attempt, string? text)
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.Suspect(state, attempt, text, Now));
        }
    }

    public async Task<bool> LeakedAsync(int attempt, string text)
    {
        if (await LoadAsync() is { } state)
        {
            var decision = RunDecisions.Leaked(state, attempt, text, Now);
            await ApplyAsync(decision);
            if (decision.Append is not null)
            {
                AttemptInstruments.OnLeaked();
                LogLeaked(Id, attempt, text);
            }
        }

        return _state?.Attempt?.Number == attempt;
    }

    public async Task DeliveredAsync(int attempt, Guid commandId)
    {
        if (await LoadAsync() is { } state)
        {
            await ApplyAsync(RunDecisions.Delivered(state, attempt, commandId, Now));
        }
    }

    public async Task<AttemptPosition?> GetPositionAsync(int attempt) =>
        await LoadAsync() is { Attempt: { } open } state && open.Number == attempt
            ? new(open.StdoutOffset, open.StderrOffset, open.ParserSnapshot, RunDecisions.OrderOf(state), open.StartedAt is not null, RunDecisions.IsEnding(state.Row), open.BootId, open.Details, open.Leaked)
            : null;

    [LoggerMessage(LogLevel.Error, "Run {Run}, attempt {Attempt} is leaked and keeps its slot until its processes are gone or it is released: {Text}")]
    private partial void LogLeaked(RunId run, int attempt, string text);
}
