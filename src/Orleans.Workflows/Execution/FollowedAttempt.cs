using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>An attempt that this process follows, or the slot kept for one. What is asked of it before there is a line to its supervisor waits for the line.</summary>
internal sealed class FollowedAttempt(int number, TimeProvider time)
{
    /// <summary>A supervisor takes a command in microseconds; one that does not is stopped, or its machine is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SupervisorConnection? _connection;
    private AttemptContext? _context;
    private (Guid CommandId, bool Now)? _stop;
    private long? _killAskedAt;

    public int Number { get; } = number;

    /// <summary>When this began, as a timestamp.</summary>
    public long Since { get; } = time.GetTimestamp();

    /// <summary>A slot is taken, and nothing launched in it yet.</summary>
    public bool IsReservation => Number == 0;

    /// <summary>Its supervisor told this process that processes live on after SIGKILL. Never taken back: whoever lives on may hide.</summary>
    public bool HasLingered { get; set; }

    public Task Ended => _ended.Task;

    public void End() => _ended.TrySetResult();

    public Task AttachAsync(SupervisorConnection connection, AttemptContext context)
    {
        lock (_lock)
        {
            (_connection, _context) = (connection, context);
        }

        return _stop is { } stop ? SendStopAsync(connection, context, stop) : Task.CompletedTask;
    }

    /// <summary>Returns how long ago the first kill was asked for: one that has no effect for long has met a hung supervisor.</summary>
    public async Task<TimeSpan> StopAsync(Guid commandId, bool now)
    {
        (SupervisorConnection? Connection, AttemptContext? Context) line;
        lock (_lock)
        {
            _stop = (commandId, now);
            _killAskedAt = now ? _killAskedAt ?? time.GetTimestamp() : null;
            line = (_connection, _context);
        }

        if (line is { Connection: { } connection, Context: { } context })
        {
            await SendStopAsync(connection, context, (commandId, now));
        }

        return _killAskedAt is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
    }

    /// <summary>Hands the agent a message; lost where there is no line: its run asks again.</summary>
    public async Task DeliverAsync(Guid messageId, string text)
    {
        if (_connection is { } connection && _context?.Adapter.EncodeMessage(messageId, text) is { } bytes)
        {
            await BoundedAsync(connection.SendInputAsync(messageId.ToString(), bytes));
        }
    }

    public Task RenewAsync(long untilBootMs) => _connection is { } connection ? BoundedAsync(connection.RenewAsync(untilBootMs)) : Task.CompletedTask;

    private Task SendStopAsync(SupervisorConnection connection, AttemptContext context, (Guid CommandId, bool Now) stop)
    {
        context.StopRequested = true;
        var id = stop.CommandId.ToString();
        return BoundedAsync(stop.Now
            ? connection.TerminateAsync(id, TerminateMode.Now)
            : connection.TerminateAsync(id, TerminateMode.Polite, context.Adapter.EncodeInterrupt(stop.CommandId) ?? default));
    }

    /// <summary>What is not taken in time goes on in its order behind this call.</summary>
    private async Task BoundedAsync(Task sending)
    {
        try
        {
            await sending.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
        }
    }
}
