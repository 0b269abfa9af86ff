using System.Text.Json;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>Turns durable rows into what callers see.</summary>
internal static class RunInfos
{
    public static RunInfo From(RunRow row, DateTimeOffset now) => From(row, RunDetails.FromJson(row.Details), now, 0);

    public static RunInfo From(RunRow row, RunDetails details, DateTimeOffset now, int pendingMessages) => From(row, details, Demand.FromJson(row.Demand), now, pendingMessages);

    private static RunInfo From(RunRow row, RunDetails details, Demand demand, DateTimeOffset now, int pendingMessages) => new()
    {
        Id = row.Id,
        Workflow = row.Workflow,
        Agent = row.Agent,
        Status = row.Status,
        Reason = row.Reason,
        WaitsFor = row.WaitsFor,
        Deadline = row.NextDeadline,
        Queue = row.Queue,
        Caller = row.Caller,
        CorrelationId = row.CorrelationId,
        SessionId = row.SessionId,
        Branch = row.Branch,
        Labels = row.Labels,
        Phase = row.Phase,
        Attempts = row.Epoch,
        Node = row.Node,
        Turns = row.Turns,
        MaxTurns = row.MaxTurns,
        AgentTurns = row.AgentTurns,
        ToolCalls = row.ToolCalls,
        Tools = details.Tools ?? [],
        Usage = row.Usage,
        Models = details.Models ?? [],
        UsageIncomplete = row.UsageIncomplete,
        PermissionDenials = row.PermissionDenials,
        CreatedAt = row.CreatedAt,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        LastActivityAt = row.LastActivityAt,
        WallMs = WallMs(row, now),
        ApiMs = row.ApiMs ?? (row.Status.IsTerminal() ? 0 : null),
        Result = row.Result is null ? null : JsonSerializer.Deserialize(row.Result, RunJson.Default.RunResult),
        ContinuedFrom = row.ContinuedFrom,
        ContinueUntil = row.ContinueUntil,
        LastEventSeq = row.LastEventSeq,
        Version = row.Version,
        Model = details.Model,
        AgentVersion = details.AgentVersion,
        PendingMessages = pendingMessages,
        DefinitionHash = row.DefinitionHash,
        Warnings = details.Warnings ?? [],
        Priority = demand.Priority,
        Tenant = demand.Tenant,
        FairnessKey = demand.FairnessKey,
        Locks = demand.Locks ?? [],
        Needs = demand.Needs ?? [],
        StartAt = details.StartAt,
    };

    private static long? WallMs(RunRow row, DateTimeOffset now)
    {
        if (row.StartedAt is null && row.EndedAt is null)
        {
            return null;
        }

        var from = row.StartedAt ?? row.CreatedAt;
        return Math.Max(0, (long)((row.EndedAt ?? now) - from).TotalMilliseconds);
    }
}
