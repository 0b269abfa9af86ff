using System.Text;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Every row that is read, with the columns in the order that its reader takes them.</summary>
internal static class RowReaders
{
    private const string TokenColumns = "input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens, cost_usd";

    public const string RunColumns =
        "id, version, workflow, definition_hash, agent, queue, caller, correlation_id, trace_parent, spec, session_id, continued_from, " +
        "created_at, max_turns, labels, demand, status, reason_code, reason_text, waits_for, epoch, open_attempt, node, phase, branch, turns, " +
        $"agent_turns, tool_calls, {TokenColumns}, usage_incomplete, permission_denials, api_ms, queued_at, started_at, " +
        "last_activity_at, ended_at, next_deadline, continue_until, last_event_seq, details, result";

    public const string AttemptColumns =
        "run_id, number, node, queue, claimed_at, started_at, ended_at, pid, pid_start_ticks, boot_id, agent_version, stdout_offset, " +
        $"stderr_offset, parser_snapshot, turns, agent_turns, tool_calls, {TokenColumns}, exit_code, signal, peak_memory_bytes, cpu_ms, reason_code, reason_text, leaked, details";

    public const string EventColumns = "run_id, first_seq, last_seq, at, attempt, events";

    public const string UsageColumns = $"run_id, attempt, message_id, model, parent_tool_use_id, at, {TokenColumns}";

    public const string CommandColumns = "run_id, id, kind, caller, at, text, handled_at, outcome";

    public const string AuditColumns = "run_id, at, caller, action, details, correlation_id";

    public const string IdempotencyColumns = "caller, key, request_hash, run_id, keep_until";

    public const string EndedColumns =
        "writer, writer_seq, id, workflow, agent, queue, status, reason_code, created_at, started_at, ended_at, epoch, turns, tool_calls, " +
        $"{TokenColumns}, usage_incomplete, api_ms, details";

    public static RunRow Run(RowReader r) => new()
    {
        Id = r.Run(),
        Version = r.Long(),
        Workflow = r.StringOrNull(),
        DefinitionHash = r.String(),
        Agent = r.String(),
        Queue = r.String(),
        Caller = r.String(),
        CorrelationId = r.String(),
        TraceParent = r.StringOrNull(),
        Spec = r.String(),
        SessionId = r.Guid(),
        ContinuedFrom = r.RunOrNull(),
        CreatedAt = r.Time(),
        MaxTurns = r.IntOrNull(),
        Labels = Labels.Read(r.StringOrNull()),
        Demand = r.StringOrNull(),
        Status = RunStatuses.Parse(r.String()),
        Reason = r.ReasonOrNull(),
        WaitsFor = r.StringOrNull(),
        Epoch = r.Int(),
        OpenAttempt = r.IntOrNull(),
        Node = r.StringOrNull(),
        Phase = r.StringOrNull(),
        Branch = r.StringOrNull(),
        Turns = r.IntOrNull(),
        AgentTurns = r.IntOrNull(),
        ToolCalls = r.IntOrNull(),
        Usage = r.Usage(),
        UsageIncomplete = r.Bool(),
        PermissionDenials = r.Int(),
        ApiMs = r.LongOrNull(),
        QueuedAt = r.TimeOrNull(),
        StartedAt = r.TimeOrNull(),
        LastActivityAt = r.TimeOrNull(),
        EndedAt = r.TimeOrNull(),
        NextDeadline = r.TimeOrNull(),
        ContinueUntil = r.TimeOrNull(),
        LastEventSeq = r.Long(),
        Details = r.StringOrNull(),
        Result = r.StringOrNull(),
    };

    public static AttemptRow Attempt(RowReader r) => new()
    {
        Run = r.Run(),
        Number = r.Int(),
        Node = r.String(),
        Queue = r.String(),
        ClaimedAt = r.Time(),
        StartedAt = r.TimeOrNull(),
        EndedAt = r.TimeOrNull(),
        Pid = r.IntOrNull(),
        PidStartTicks = r.LongOrNull(),
        BootId = r.StringOrNull(),
        AgentVersion = r.StringOrNull(),
        StdoutOffset = r.Long(),
        StderrOffset = r.Long(),
        ParserSnapshot = r.Bytes(),
        Turns = r.IntOrNull(),
        AgentTurns = r.IntOrNull(),
        ToolCalls = r.IntOrNull(),
        Usage = r.Usage(),
        ExitCode = r.IntOrNull(),
        Signal = r.IntOrNull(),
        PeakMemoryBytes = r.LongOrNull(),
        CpuMs = r.LongOrNull(),
        Reason = r.ReasonOrNull(),
        Leaked = r.Bool(),
        Details = r.StringOrNull(),
    };

    public static EventBatchRow Event(RowReader r)
    {
        var (run, first, last) = (r.Run(), r.Long(), r.Long());
        return new EventBatchRow(run, first, checked((int)(last - first + 1)), r.Time(), r.IntOrNull(), Encoding.UTF8.GetBytes(r.String()));
    }

    public static UsageRow Usage(RowReader r) =>
        new(r.Run(), r.Int(), r.String(), r.StringOrNull(), r.StringOrNull(), r.Time(), r.Usage());

    public static CommandRow Command(RowReader r) => new()
    {
        Run = r.Run(),
        Id = r.Guid(),
        Kind = r.String(),
        Caller = r.String(),
        At = r.Time(),
        Text = r.StringOrNull(),
        HandledAt = r.TimeOrNull(),
        Outcome = r.StringOrNull(),
    };

    public static AuditRow Audit(RowReader r) => new(r.Run(), r.Time(), r.String(), r.String(), r.StringOrNull(), r.String());

    public static NodeRow Node(RowReader r)
    {
        var row = new NodeRow(r.String(), r.String(), r.Int(), r.Time(), r.Time());
        return r.TimeOrNull() is { } at ? row with { Loss = new(row.Node, row.StartedAt, at, r.String(), r.String(), r.String()) } : row;
    }

    public static IdempotencyRow Idempotency(RowReader r) => new(r.String(), r.String(), r.Bytes(), r.Run(), r.Time());

    public static EndedRunRow Ended(RowReader r) => new()
    {
        Writer = r.Int(),
        WriterSeq = r.Long(),
        Run = r.Run(),
        Workflow = r.StringOrNull(),
        Agent = r.String(),
        Queue = r.String(),
        Status = RunStatuses.Parse(r.String()),
        ReasonCode = r.String(),
        CreatedAt = r.Time(),
        StartedAt = r.TimeOrNull(),
        EndedAt = r.Time(),
        Attempts = r.Int(),
        Turns = r.IntOrNull(),
        ToolCalls = r.IntOrNull(),
        Usage = r.Usage(),
        UsageIncomplete = r.Bool(),
        ApiMs = r.LongOrNull(),
        Details = r.StringOrNull(),
    };
}
