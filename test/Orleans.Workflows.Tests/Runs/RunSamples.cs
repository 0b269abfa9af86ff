using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Tests.Runs;

/// <summary>Runs and what happens to them.</summary>
internal static class RunSamples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly RunOptions Options = new();

    public static readonly Outcome Lost = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.SupervisorLost, "Gone."), Retryable = true, Resumable = true };

    public static TestRun Accepted(int attempts = 1, TimeSpan? queueTimeout = null, RetryMode mode = RetryMode.Resume, RetryExhaustion? onExhausted = null, TimeSpan? attemptTimeout = null, DateTimeOffset? startAt = null, RateLimitAnswer? onRateLimit = null)
    {
        var id = new RunId(Guid.CreateVersion7(Start));
        var spec = new RunSpec
        {
            Prompt = "do",
            Retry = new() { MaximumAttempts = attempts, Mode = mode, Jitter = 0, OnExhausted = onExhausted, OnRateLimit = onRateLimit },
            AttemptTimeout = attemptTimeout,
            QueueTimeout = queueTimeout,
            Workspace = new() { Run = id, Attempt = 1, Workflow = "w", Kind = WorkspaceKind.Temporary },
        };
        var order = new RunOrder
        {
            Workflow = "w",
            DefinitionHash = "h",
            Agent = "scripted",
            Queue = "default",
            Caller = "me",
            CorrelationId = "c",
            Spec = spec.ToJson(),
            SessionId = Guid.NewGuid(),
            QueueTimeout = queueTimeout,
            StartAt = startAt,
        };
        return new(RunDecisions.Accept(id, order, Options, Start));
    }

    public static TestRun Running(int attempts = 1, RetryMode mode = RetryMode.Resume, RetryExhaustion? onExhausted = null, TimeSpan? attemptTimeout = null, RateLimitAnswer? onRateLimit = null)
    {
        var run = Accepted(attempts, mode: mode, onExhausted: onExhausted, attemptTimeout: attemptTimeout, onRateLimit: onRateLimit);
        return run.Again();
    }

    /// <summary>Claims the next attempt and starts it.</summary>
    public static TestRun Again(this TestRun run, string node = "n", DateTimeOffset? at = null)
    {
        var now = at ?? Start;
        run.Take(RunDecisions.Claim(run.State, GrantOf(run), node, "b", Options, now));
        run.Take(RunDecisions.Started(run.State, Started(run.State.Attempt!.Number) with { At = now }, now));
        return run;
    }

    public static Orleans.Workflows.Admission.Grant GrantOf(TestRun run) => new(run.State.Row.Id, "default", 1);

    /// <summary>What a process reports that was told to stop.</summary>
    public static AttemptEnd Stopped(int attempt) => End(attempt, RunStatus.Failed) with
    {
        Outcome = new() { Status = RunStatus.Failed, Reason = new(ReasonCodes.Interrupted, "It was stopped."), Resumable = true },
    };

    public static RunCommand Command() => new() { Id = Guid.NewGuid(), Caller = "me", CorrelationId = "c", Text = "why" };

    public static AttemptStart Started(int attempt) => new() { Attempt = attempt, Pid = 7, PidStartTicks = 8, BootId = "b", Details = "{}", At = Start };

    public static AttemptEnd End(int attempt, RunStatus status, bool retryable = false, DateTimeOffset? retryAt = null) => new()
    {
        Attempt = attempt,
        Outcome = new() { Status = status, Reason = new(status == RunStatus.Completed ? ReasonCodes.Success : ReasonCodes.ApiError, "It."), Retryable = retryable, RetryAt = retryAt },
        ExitCode = 0,
    };

    /// <summary>Output amid a tool call.</summary>
    public static AttemptOutput AtWork(int attempt, long from) => Output(attempt, from, from + 10, phase: AgentPhase.Tool) is var output
        ? output with { Progress = output.Progress with { Unanswered = [new("Bash", "{}")] } }
        : output;

    public static AttemptOutput Output(int attempt, long from, long to, int? turns = null, long? tokens = null, AgentPhase phase = AgentPhase.Model) => new()
    {
        Attempt = attempt,
        StdoutFrom = from,
        StdoutTo = to,
        StderrFrom = 0,
        StderrTo = 0,
        Snapshot = [],
        Progress = new() { Phase = phase, Turns = turns, Usage = new() { InputTokens = tokens } },
    };
}
