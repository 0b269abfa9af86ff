using Orleans.Workflows.Execution.Supervision;

namespace Orleans.Workflows.Execution;

/// <summary>An attempt that this process follows, or the slot kept for one.</summary>
internal sealed class FollowedAttempt(int number)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Number { get; } = number;

    /// <summary>A slot is taken, and nothing launched in it yet.</summary>
    public bool IsReservation => Number == 0;

    public SupervisorConnection? Connection { get; private set; }

    public AttemptContext? Context { get; private set; }

    public Task Ended => _ended.Task;

    public static FollowedAttempt Reservation() => new(0);

    public void Attach(SupervisorConnection? connection, AttemptContext? context) => (Connection, Context) = (connection, context);

    public void End() => _ended.TrySetResult();
}
