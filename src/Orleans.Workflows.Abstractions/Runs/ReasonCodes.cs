namespace Orleans.Workflows.Runs;

/// <summary>The closed set of reason codes. Codes are never renamed; new ones may be added.</summary>
public static class ReasonCodes
{
    public const string Success = "success";
    public const string MaxTurns = "max_turns";
    public const string Budget = "budget";
    public const string Authentication = "authentication";
    public const string RateLimited = "rate_limited";
    public const string Overloaded = "overloaded";
    public const string ApiError = "api_error";
    public const string Refused = "refused";
    public const string OutputLimit = "output_limit";
    public const string Memory = "memory";
    public const string StructuredOutput = "structured_output";
    public const string Interrupted = "interrupted";
    public const string NoResult = "no_result";
    public const string SessionNotFound = "session_not_found";
    public const string LaunchFailed = "launch_failed";
    public const string WorkspaceFailed = "workspace_failed";
    public const string ExitCode = "exit_code";
    public const string Signaled = "signaled";
    public const string AgentError = "agent_error";
    public const string SupervisorLost = "supervisor_lost";
    public const string NodeLost = "node_lost";
    public const string LeaseLost = "lease_lost";
    public const string Stuck = "stuck";
    public const string Leaked = "leaked";
    public const string Canceled = "canceled";
    public const string Terminated = "terminated";
    public const string RunTimeout = "run_timeout";
    public const string AttemptTimeout = "attempt_timeout";
    public const string QueueTimeout = "queue_timeout";
    public const string PauseRequested = "pause_requested";
    public const string Paused = "paused";
    public const string WaitsForSlot = "waits_for_slot";
    public const string WaitsForRetry = "waits_for_retry";
    public const string WaitsForPerson = "waits_for_person";
    public const string DefinitionMissing = "definition_missing";
    public const string Internal = "internal";
}
