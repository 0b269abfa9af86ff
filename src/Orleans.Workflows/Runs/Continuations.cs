using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>What a continuation takes over from the run that it continues.</summary>
internal static class Continuations
{
    public static Failure? Check(RunRow row, DateTimeOffset now)
    {
        if (!row.Status.IsTerminal())
        {
            return Failure.Conflict("run_active", $"The run has not ended ({row.Status}).", "Send it a message, or wait for its end.");
        }

        return row.ContinueUntil < now
            ? Failure.Conflict("continue_window_over", $"The run could be continued until {row.ContinueUntil:O}.", "Start a new run.")
            : null;
    }

    public static RunOrder Order(RunRow row, ContinueRunRequest request, bool retry, StartContext context, byte[] hash)
    {
        var before = RunSpec.FromJson(row.Spec);
        var details = RunDetails.FromJson(row.Details);
        var spec = before with
        {
            Prompt = retry ? request.Message ?? before.Prompt : request.Message ?? "Continue.",
            Preface = Preface.OfContinuation(row, details),
            MaxTurns = request.MaxTurns ?? before.MaxTurns,
            BudgetUsd = request.BudgetUsd ?? before.BudgetUsd,
            Timeout = request.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : before.Timeout,
            MemoryLimit = request.MemoryLimitBytes ?? before.MemoryLimit,
            ContinuedFrom = row.Id,
            SessionRun = before.SessionRun ?? row.Id,
            Resume = details.Resumable,
            // An agent refuses to open a conversation that it knows.
            Session = details.Resumable ? details.SessionId ?? before.Session : Guid.NewGuid(),
            Baseline = details.Resumable ? details.Session : null,
        };
        return new()
        {
            Workflow = row.Workflow,
            DefinitionHash = row.DefinitionHash,
            Agent = row.Agent,
            Queue = row.Queue,
            Caller = context.Caller,
            CorrelationId = context.CorrelationId,
            TraceParent = context.TraceParent,
            Spec = spec.ToJson(),
            SessionId = row.SessionId,
            ContinuedFrom = row.Id,
            Node = row.Node,
            MaxTurns = request.MaxTurns ?? row.MaxTurns,
            Labels = row.Labels,
            Demand = request.BudgetUsd is null ? row.Demand : (Demand.FromJson(row.Demand) with { BudgetUsd = request.BudgetUsd }).ToJson(),
            Branch = row.Branch,
            QueueTimeout = spec.QueueTimeout,
            IdempotencyKey = context.IdempotencyKey,
            RequestHash = hash,
            KeepKey = context.KeepKey,
        };
    }
}
