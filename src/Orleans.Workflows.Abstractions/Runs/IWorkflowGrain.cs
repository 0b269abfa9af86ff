using Orleans.Concurrency;

namespace Orleans.Workflows.Runs;

/// <summary>
/// One run; the key is its id. The single writer of the run's record: each command loads, decides, appends durably, then
/// acts. After a crash the next activation loads what is durable and goes on from there; a call that timed out is
/// unknown and may be sent again.
/// </summary>
[Alias("workflow-grain")]
public interface IWorkflowGrain : IGrainWithGuidKey
{
    /// <summary>Makes the run durable and offers it to its queue.</summary>
    [Alias("start")]
    Task<StartRunResult> StartAsync(RunOrder order);

    /// <summary>The run as it is durable now, or null if there is none.</summary>
    [Alias("get"), AlwaysInterleave]
    Task<RunInfo?> GetAsync();

    /// <summary>Queues a message for the agent, delivered exactly once to its supervisor, refused after the end.</summary>
    [Alias("message")]
    Task<RunCommandResult> MessageAsync(RunCommand command);

    /// <summary>Asks the run to stop politely; forced after a grace. Canceling a canceled run is a no-op.</summary>
    [Alias("cancel")]
    Task<RunCommandResult> CancelAsync(RunCommand command);

    /// <summary>Ends the run's whole process tree now.</summary>
    [Alias("terminate")]
    Task<RunCommandResult> TerminateAsync(RunCommand command);

    /// <summary>Ends an attempt whose processes can't be ended without the proof, and frees its slot; an operator answers for it. Refused where nothing leaked.</summary>
    [Alias("release")]
    Task<RunCommandResult> ReleaseAsync(RunCommand command);

    /// <summary>Takes the run's locks from it, all of them; an operator answers for it. What runs goes on, and its next attempt waits for them anew. Refused where it holds none.</summary>
    [Alias("release-locks")]
    Task<RunCommandResult> ReleaseLocksAsync(RunCommand command);

    /// <summary>
    /// Has the run stand still until it is resumed: at once while no process of it lives, else at the end of the tool calls that
    /// its agent has begun. It gives its slot and its locks back and keeps session and workspace. A run that ends by itself
    /// before has ended. Pausing a paused run is a no-op; refused where it has ended or is ending, and where its agent is at work
    /// and has no session to go on in.
    /// </summary>
    [Alias("pause")]
    Task<RunCommandResult> PauseAsync(RunCommand command);

    /// <summary>
    /// Has a paused run go on with the time that it had left, in its session if it has one; where no attempt was left, with a new
    /// round of attempts. One whose start is not due yet is scheduled again. Refused where it is not paused.
    /// </summary>
    [Alias("resume")]
    Task<RunCommandResult> ResumeAsync(RunCommand command);

    /// <summary>Returns when an event after <paramref name="afterSeq"/> is durable, the run is terminal, or <paramref name="wait"/> (at most 25 s) is over.</summary>
    [Alias("wait"), AlwaysInterleave]
    Task<RunInfo?> WaitAsync(long afterSeq, bool untilEnded, TimeSpan wait);

    /// <summary>Looks at the run's deadlines now. Sent by the scans; harmless at any time.</summary>
    [Alias("wake")]
    Task WakeAsync();
}
