namespace Orleans.Workflows.Runs;

/// <summary>The kinds of stored commands.</summary>
internal static class CommandKinds
{
    public const string Message = "message";
    public const string Cancel = "cancel";
    public const string Terminate = "terminate";
    public const string Release = "release";
    public const string ReleaseLocks = "release_locks";
    public const string Pause = "pause";
    public const string Resume = "resume";
}
