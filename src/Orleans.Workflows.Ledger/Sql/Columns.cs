using System.Runtime.InteropServices;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Ledger.Writing;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Every table's columns as the writers write them.</summary>
internal static class Columns
{
    /// <summary>Written once, at version 1.</summary>
    public static readonly Column<PendingAppend>[] RunIdentity =
    [
        Run("workflow", r => r.Workflow),
        Run("definition_hash", r => r.DefinitionHash),
        Run("agent", r => r.Agent),
        Run("queue", r => r.Queue),
        Run("caller", r => r.Caller),
        Run("correlation_id", r => r.CorrelationId),
        Run("trace_parent", r => r.TraceParent),
        Run("spec", r => r.Spec),
        Run("session_id", r => r.SessionId),
        Run("continued_from", r => r.ContinuedFrom?.Value),
        Run("created_at", r => r.CreatedAt),
        Run("max_turns", r => r.MaxTurns),
        Run("labels", r => Labels.Write(r.Labels)),
        Run("demand", r => r.Demand),
    ];

    /// <summary>Written by every append.</summary>
    public static readonly Column<PendingAppend>[] RunState =
    [
        Run("version", r => r.Version),
        new Column<PendingAppend, Guid>("append_id", p => p.Append.AppendId),
        Run("status", r => RunStatuses.NameOf(r.Status)),
        Run("reason_code", r => r.Reason?.Code),
        Run("reason_text", r => r.Reason?.Text),
        Run("waits_for", r => r.WaitsFor),
        Run("epoch", r => r.Epoch),
        Run("open_attempt", r => r.OpenAttempt),
        Run("node", r => r.Node),
        Run("phase", r => r.Phase),
        Run("branch", r => r.Branch),
        Run("turns", r => r.Turns),
        Run("agent_turns", r => r.AgentTurns),
        Run("tool_calls", r => r.ToolCalls),
        .. Tokens<PendingAppend>(p => p.Append.Run.Usage),
        Run("usage_incomplete", r => r.UsageIncomplete),
        Run("permission_denials", r => r.PermissionDenials),
        Run("api_ms", r => r.ApiMs),
        Run("queued_at", r => r.QueuedAt),
        Run("started_at", r => r.StartedAt),
        Run("last_activity_at", r => r.LastActivityAt),
        Run("ended_at", r => r.EndedAt),
        Run("duration_us", r => (r.EndedAt - r.StartedAt)?.Ticks / TimeSpan.TicksPerMicrosecond),
        Run("next_deadline", r => r.NextDeadline),
        Run("continue_until", r => r.ContinueUntil),
        Run("last_event_seq", r => r.LastEventSeq),
        Run("details", r => r.Details),
        Run("result", r => r.Result),
    ];

    /// <summary>Null until a run starts.</summary>
    public static readonly Column<PendingAppend>[] RunSparseAtFirst = Named(RunState, "reason_code", "reason_text", "open_attempt", "node", "phase", "branch",
        "turns", "agent_turns", "tool_calls", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens", "cost_usd", "api_ms",
        "started_at", "last_activity_at", "ended_at", "duration_us", "continue_until", "details", "result");

    /// <summary>Null until an agent has said something.</summary>
    public static readonly Column<PendingAppend>[] RunSparse = Named(RunState, "phase", "branch",
        "turns", "agent_turns", "tool_calls", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens", "cost_usd", "api_ms", "result");

    public static readonly Column<PendingAppend> RunKey = Run("id", r => r.Id.Value);

    public static readonly Column<(RunId Run, string Name, string Value)>[] Label =
    [
        Of<(RunId Run, string Name, string Value), Guid>("run_id", l => l.Run.Value),
        Of<(RunId Run, string Name, string Value), string>("name", l => l.Name),
        Of<(RunId Run, string Name, string Value), string>("value", l => l.Value),
    ];

    public static readonly Column<AttemptRow>[] AttemptKey =
    [
        Of<AttemptRow, Guid>("run_id", a => a.Run.Value),
        Of<AttemptRow, int>("number", a => a.Number),
    ];

    public static readonly Column<AttemptRow>[] AttemptIdentity =
    [
        Of<AttemptRow, string>("node", a => a.Node),
        Of<AttemptRow, string>("queue", a => a.Queue),
        Of<AttemptRow, DateTimeOffset>("claimed_at", a => a.ClaimedAt),
    ];

    public static readonly Column<AttemptRow>[] AttemptState =
    [
        Of<AttemptRow, DateTimeOffset?>("started_at", a => a.StartedAt),
        Of<AttemptRow, DateTimeOffset?>("ended_at", a => a.EndedAt),
        Of<AttemptRow, int?>("pid", a => a.Pid),
        Of<AttemptRow, long?>("pid_start_ticks", a => a.PidStartTicks),
        Of<AttemptRow, string?>("boot_id", a => a.BootId),
        Of<AttemptRow, string?>("agent_version", a => a.AgentVersion),
        Of<AttemptRow, long>("stdout_offset", a => a.StdoutOffset),
        Of<AttemptRow, long>("stderr_offset", a => a.StderrOffset),
        Of<AttemptRow, byte[]>("parser_snapshot", a => a.ParserSnapshot),
        Of<AttemptRow, int?>("turns", a => a.Turns),
        Of<AttemptRow, int?>("agent_turns", a => a.AgentTurns),
        Of<AttemptRow, int?>("tool_calls", a => a.ToolCalls),
        .. Tokens<AttemptRow>(a => a.Usage),
        Of<AttemptRow, int?>("exit_code", a => a.ExitCode),
        Of<AttemptRow, int?>("signal", a => a.Signal),
        Of<AttemptRow, long?>("peak_memory_bytes", a => a.PeakMemoryBytes),
        Of<AttemptRow, long?>("cpu_ms", a => a.CpuMs),
        Of<AttemptRow, string?>("reason_code", a => a.Reason?.Code),
        Of<AttemptRow, string?>("reason_text", a => a.Reason?.Text),
        Of<AttemptRow, bool>("leaked", a => a.Leaked),
        Of<AttemptRow, string?>("details", a => a.Details),
    ];

    /// <summary>Null until the attempt's process started.</summary>
    public static readonly Column<AttemptRow>[] AttemptSparse = Named(AttemptState, "pid", "pid_start_ticks", "boot_id", "agent_version",
        "turns", "agent_turns", "tool_calls", "input_tokens", "output_tokens", "cache_read_tokens", "cache_creation_tokens", "cost_usd", "exit_code", "signal", "peak_memory_bytes", "cpu_ms");

    public static readonly Column<EventBatchRow>[] Event =
    [
        Of<EventBatchRow, Guid>("run_id", e => e.Run.Value),
        Of<EventBatchRow, long>("last_seq", e => e.LastSeq),
        Of<EventBatchRow, long>("first_seq", e => e.FirstSeq),
        Of<EventBatchRow, DateTimeOffset>("at", e => e.At),
        Of<EventBatchRow, int?>("attempt", e => e.Attempt),
        Of<EventBatchRow, byte[]>("events", e => Exact(e.Events)),
    ];

    public static readonly Column<UsageRow>[] UsageKey =
    [
        Of<UsageRow, Guid>("run_id", u => u.Run.Value),
        Of<UsageRow, int>("attempt", u => u.Attempt),
        Of<UsageRow, string>("message_id", u => u.MessageId),
    ];

    public static readonly Column<UsageRow>[] UsageState =
    [
        Of<UsageRow, string?>("model", u => u.Model),
        Of<UsageRow, string?>("parent_tool_use_id", u => u.ParentToolUseId),
        Of<UsageRow, DateTimeOffset>("at", u => u.At),
        .. Tokens<UsageRow>(u => u.Usage),
    ];

    public static readonly Column<StoredChunk>[] Transcript =
    [
        Of<StoredChunk, Guid>("run_id", c => c.Chunk.Run.Value),
        Of<StoredChunk, int>("attempt", c => c.Chunk.Attempt),
        Of<StoredChunk, int>("stream", c => (int)c.Chunk.Stream),
        Of<StoredChunk, long>("byte_offset", c => c.Chunk.Offset),
        Of<StoredChunk, int>("byte_length", c => c.Chunk.Bytes.Length),
        Of<StoredChunk, int>("codec", c => c.Codec),
        Of<StoredChunk, byte[]>("bytes", c => c.Bytes),
    ];

    public static readonly Column<CommandRow>[] CommandKey =
    [
        Of<CommandRow, Guid>("run_id", c => c.Run.Value),
        Of<CommandRow, Guid>("id", c => c.Id),
    ];

    public static readonly Column<CommandRow>[] CommandIdentity =
    [
        Of<CommandRow, string>("kind", c => c.Kind),
        Of<CommandRow, string>("caller", c => c.Caller),
        Of<CommandRow, DateTimeOffset>("at", c => c.At),
        Of<CommandRow, string?>("text", c => c.Text),
    ];

    public static readonly Column<CommandRow>[] CommandState =
    [
        Of<CommandRow, DateTimeOffset?>("handled_at", c => c.HandledAt),
        Of<CommandRow, string?>("outcome", c => c.Outcome),
    ];

    public static readonly Column<IdempotencyRow>[] Key =
    [
        Of<IdempotencyRow, string>("caller", k => k.Caller),
        Of<IdempotencyRow, string>("key", k => k.Key),
        Of<IdempotencyRow, byte[]>("request_hash", k => k.RequestHash),
        Of<IdempotencyRow, Guid>("run_id", k => k.Run.Value),
        Of<IdempotencyRow, DateTimeOffset>("keep_until", k => k.KeepUntil),
    ];

    public static readonly Column<AuditRow>[] Audit =
    [
        Of<AuditRow, Guid>("run_id", a => a.Run.Value),
        Of<AuditRow, DateTimeOffset>("at", a => a.At),
        Of<AuditRow, string>("caller", a => a.Caller),
        Of<AuditRow, string>("action", a => a.Action),
        Of<AuditRow, string?>("details", a => a.Details),
        Of<AuditRow, string>("correlation_id", a => a.CorrelationId),
    ];

    public static readonly Column<LockRow>[] LockKey =
    [
        Of<LockRow, string>("name", l => l.Name),
        Of<LockRow, Guid>("run_id", l => l.Run.Value),
    ];

    public static readonly Column<LockRow>[] LockIdentity =
    [
        Of<LockRow, string>("mode", l => l.Mode),
        Of<LockRow, DateTimeOffset>("acquired_at", l => l.AcquiredAt),
    ];

    public static readonly Column<LockRow>[] LockState =
    [
        Of<LockRow, int>("attempt", l => l.Attempt),
        Of<LockRow, long>("token", l => l.Token),
    ];

    public static Column<TRow, TValue> Of<TRow, TValue>(string name, Func<TRow, TValue> value) => new(name, value);

    public static string Names<TRow>(IEnumerable<Column<TRow>> columns, string prefix = "") =>
        string.Join(", ", columns.Select(column => prefix + column.Name));

    private static Column<PendingAppend, TValue> Run<TValue>(string name, Func<RunRow, TValue> value) => new(name, p => value(p.Append.Run));

    private static Column<TRow>[] Named<TRow>(Column<TRow>[] columns, params string[] names) =>
        [.. names.Select(name => columns.Single(column => column.Name == name))];

    private static Column<TRow>[] Tokens<TRow>(Func<TRow, TokenUsage> usage) =>
    [
        Of<TRow, long?>("input_tokens", row => usage(row).InputTokens),
        Of<TRow, long?>("output_tokens", row => usage(row).OutputTokens),
        Of<TRow, long?>("cache_read_tokens", row => usage(row).CacheReadTokens),
        Of<TRow, long?>("cache_creation_tokens", row => usage(row).CacheCreationTokens),
        Of<TRow, decimal?>("cost_usd", row => usage(row).CostUsd),
    ];

    private static byte[] Exact(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
}
