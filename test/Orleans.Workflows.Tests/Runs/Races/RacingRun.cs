using Orleans.Workflows.Admission;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Waiting;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>One run, everything that can happen to it by name, and what must hold when it is over.</summary>
internal sealed class RacingRun
{
    /// <summary>Soon, for the limits that are to pass while a test looks on.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Far = TimeSpan.FromHours(1);

    private readonly RaceSilo _silo;
    private readonly RunOrder _order;
    private readonly List<Guid> _accepted = [];

    private RacingRun(RaceSilo silo, bool expires, bool timesOut)
    {
        (_silo, Id) = (silo, RunId.New(TimeProvider.System));
        var spec = new RunSpec
        {
            Prompt = "do",
            Timeout = timesOut ? Soon : Far,
            QueueTimeout = expires ? Soon : null,
            Retry = new() { MaximumAttempts = 1, OnExhausted = RetryExhaustion.Pause },
            Workspace = new() { Run = Id, Attempt = 1, Workflow = "w", Kind = WorkspaceKind.Temporary },
        };
        _order = new()
        {
            DefinitionHash = "none",
            Agent = "scripted",
            Queue = "races",
            Caller = "test",
            CorrelationId = "c",
            Spec = spec.ToJson(),
            SessionId = Guid.CreateVersion7(),
            QueueTimeout = spec.QueueTimeout,
        };
    }

    public RunId Id { get; }

    private IWorkflowGrain Grain => _silo.Grains.GetRun(Id);

    private IRunAttemptsGrain Attempts => _silo.Grains.GetRunAttempts(Id);

    /// <summary>A run that stands where a race begins.</summary>
    public static async Task<RacingRun> ReachAsync(RaceSilo silo, RunStatus? status, params string[] race)
    {
        var run = new RacingRun(silo, race.Contains("expire"), race.Contains("timeout"));
        string[] steps = status switch
        {
            null => [],
            RunStatus.Queued => ["start"],
            RunStatus.Running => ["start", "claim", "started"],
            _ => ["start", "claim", "started", "fails"],
        };
        foreach (var step in steps)
        {
            await run.ActAsync(step);
        }

        return run;
    }

    /// <summary>Does it through the run's grain, and again as its callers do when another activation wrote first.</summary>
    public async Task ActAsync(string what)
    {
        var command = new RunCommand { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = what };
        await DueAsync(what);
        for (var tries = 1; ; tries++)
        {
            try
            {
                await DoAsync(what, command);
                return;
            }
            catch (RunConflictException) when (tries < 3)
            {
            }
        }
    }

    /// <summary>As a second activation in another silo does it, which this one's memory knows nothing of. False when it changed nothing.</summary>
    public async Task<bool> ActElsewhereAsync(string what)
    {
        await DueAsync(what);
        var state = (await WorkflowGrain.ReadAsync(_silo.Ledger, Id))!;
        var now = TimeProvider.System.GetUtcNow();
        var (command, options) = (new RunCommand { Id = Guid.NewGuid(), Caller = "test", CorrelationId = "c", Text = what }, new RunOptions());
        var decision = what switch
        {
            "cancel" => RunDecisions.Cancel(state, command, options, now),
            "terminate" => RunDecisions.Terminate(state, command, options, now),
            "message" => RunDecisions.Message(state, command, agentTakesMessages: true, now),
            "resume" => RunDecisions.Resume(state, command, new(), now),
            "pause" => RunDecisions.Pause(state, command, agentResumes: true, options, now),
            "claim" => RunDecisions.Claim(state, await GrantAsync(), "elsewhere", "boot", options, now),
            "output" => RunDecisions.Output(state, Output(), now),
            "done" or "fails" => RunDecisions.Ended(state, End(what), options, now),
            "lost" => RunDecisions.NodeLost(state, 1, Far, options, now),
            _ => RunDecisions.Wake(state, options, now),
        };
        if (decision.Append is null)
        {
            return false;
        }

        var result = await _silo.Steps.AppendElsewhereAsync(decision.Append);
        Assert.True(result.IsCommitted, $"{what}: {result}");
        if (decision.Append.Commands.Any(known => known.Id == command.Id))
        {
            Accept(command);
        }

        return true;
    }

    /// <summary>Brings it to its end, as nodes and people would.</summary>
    public async Task FinishAsync()
    {
        for (var steps = 0; await Grain.GetAsync() is { } info && !info.Status.IsTerminal(); steps++)
        {
            Assert.True(steps < 10, $"It does not end: {info.Status} {info.Reason} {info.WaitsFor}");
            await ActAsync(info.Status is RunStatus.Starting or RunStatus.Running or RunStatus.Canceling ? "stopped" : "terminate");
        }
    }

    /// <summary>One legal end, nothing lost, each version one more than the one before.</summary>
    public async Task<RunRow> CheckAsync(params string[] race)
    {
        var row = (await _silo.Ledger.ReadRunAsync(Id, TestContext.Current.CancellationToken))!;
        var history = _silo.Steps.HistoryOf(Id);
        var told = string.Join(" > ", history.Select(step => $"{step.Version} {step.Status}"));
        Assert.Equal(Enumerable.Range(1, history.Count).Select(version => (long)version), history.Select(step => step.Version));
        Assert.True(history.Count(step => step.Status.IsTerminal()) == 1 && history[^1].Status.IsTerminal(), told);
        Assert.Equal((history[^1].Version, history[^1].Status), (row.Version, row.Status));
        Assert.All(history.Zip(history.Skip(1)), step => Assert.True(RunTransitions.IsLegal(step.First.Status, step.Second.Status), told));

        var commands = await _silo.Ledger.ReadCommandsAsync(Id, pendingOnly: false);
        Assert.All(commands, command => Assert.NotNull(command.HandledAt));
        Assert.All(_accepted, id => Assert.Single(commands, command => command.Id == id));
        Assert.All(await _silo.Ledger.ReadAttemptsAsync(Id), attempt => Assert.NotNull(attempt.EndedAt));

        var usage = await _silo.Ledger.ReadUsageAsync(Id);
        Assert.Equal(usage.Count == 0 ? null : usage.Sum(entry => entry.Usage.InputTokens), row.Usage.InputTokens);
        Assert.True(usage.Count <= 1);

        // Each end has somebody who asked for it.
        string[] causes = row.Status switch
        {
            RunStatus.Completed => ["done"],
            RunStatus.Canceled => ["cancel"],
            RunStatus.TimedOut => ["timeout"],
            RunStatus.Expired => ["expire"],
            _ => [],
        };
        Assert.True(causes is [] || causes.Intersect(race).Any(), $"{row.Status}: {told}");
        return row;
    }

    private async Task DoAsync(string what, RunCommand command)
    {
        switch (what)
        {
            case "start":
                Assert.NotNull((await Grain.StartAsync(_order)).Run);
                break;
            case "cancel":
                await Grain.CancelAsync(command);
                break;
            case "terminate":
                await Grain.TerminateAsync(command);
                break;
            case "pause":
                // A repeat is a no-op.
                await Grain.PauseAsync(command);
                break;
            case "resume":
                Take(await Grain.ResumeAsync(command), command);
                break;
            case "message":
                Take(await Grain.MessageAsync(command), command);
                break;
            case "claim":
                await Attempts.ClaimAsync(await GrantAsync(), "away", "boot");
                break;
            case "started":
                await Attempts.StartedAsync(new() { Attempt = 1, Pid = 7, PidStartTicks = 8, BootId = "boot", Details = "{}", At = TimeProvider.System.GetUtcNow() });
                break;
            case "output":
                await Attempts.OutputAsync(Output());
                break;
            case "lost":
                await Attempts.NodeLostAsync(1, Far);
                break;
            case "expire" or "timeout":
                await Grain.WakeAsync();
                break;
            default:
                await Attempts.EndedAsync(End(what));
                break;
        }
    }

    /// <summary>A limit passes by itself; the due times or the grain's own clock may have seen it before we do, and then what is due next is far.</summary>
    private async Task DueAsync(string what)
    {
        if (what is "expire" or "timeout" && (await _silo.Ledger.ReadRunAsync(Id, TestContext.Current.CancellationToken))?.NextDeadline is { } due
            && due - TimeProvider.System.GetUtcNow() <= Soon)
        {
            await WaitFor.Condition(() => TimeProvider.System.GetUtcNow() >= due, () => $"{due}");
        }
    }

    private void Take(RunCommandResult result, RunCommand command)
    {
        if (result.Failure is null)
        {
            Accept(command);
        }
    }

    private void Accept(RunCommand command)
    {
        lock (_accepted)
        {
            _accepted.Add(command.Id);
        }
    }

    private async Task<Grant> GrantAsync() => new(Id, _order.Queue, await _silo.Ledger.ReadAdmissionEpochAsync());

    private static AttemptOutput Output() => RunSamples.Output(1, 0, 100, turns: 1, tokens: 10) with
    {
        Usage = [new UsageEntry("m1", "model", null, new TokenUsage { InputTokens = 10 })],
        Stdout = new byte[100],
    };

    private AttemptEnd End(string how) => how switch
    {
        "done" => RunSamples.End(1, RunStatus.Completed),
        "fails" => RunSamples.End(1, RunStatus.Failed, retryable: true),
        _ => RunSamples.Stopped((int)_silo.Steps.HistoryOf(Id)[^1].Epoch),
    };
}
