using System.Runtime.CompilerServices;

namespace Orleans.Workflows.TestKit.Waiting;

/// <summary>
/// Waits with a deadline and says on time-out what was seen. Prefer <see cref="Completion{T}"/> on an event that the
/// subject raises; <see cref="Condition"/> and <see cref="Value{T}"/> look again every <see cref="TestTimeouts.Poll"/> and
/// are for what has no event, such as a file that another process writes.
/// Every time-out throws a <see cref="TimeoutException"/> whose message ends with what <c>describe</c> returns then: give
/// it the run, its status, its phase and its last events.
/// </summary>
public static class WaitFor
{
    /// <summary>Waits until <paramref name="condition"/> holds. It is looked at once before any waiting.</summary>
    public static Task Condition(
        Func<bool> condition,
        Func<string> describe,
        TimeSpan? timeout = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(condition))] string expression = "") =>
        Value(
            _ => ValueTask.FromResult(condition() ? "held" : null), describe, timeout, time, cancellationToken, expression);

    /// <summary>Waits until <paramref name="read"/> returns something, and returns it. Exceptions of it end the wait.</summary>
    public static async Task<T> Value<T>(
        Func<CancellationToken, ValueTask<T?>> read,
        Func<string> describe,
        TimeSpan? timeout = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(read))] string expression = "")
        where T : class
    {
        var bound = timeout ?? TestTimeouts.Default;
        using var deadline = new CancellationTokenSource(bound, time ?? TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var timer = new PeriodicTimer(TestTimeouts.Poll, time ?? TimeProvider.System);
        try
        {
            while (true)
            {
                if (await read(either.Token) is { } value)
                {
                    return value;
                }

                await timer.WaitForNextTickAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Late(bound, expression, describe);
        }
    }

    /// <summary>Waits for <paramref name="task"/>, and returns its result.</summary>
    public static async Task<T> Completion<T>(
        Task<T> task,
        Func<string> describe,
        TimeSpan? timeout = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(task))] string expression = "")
    {
        await Completion((Task)task, describe, timeout, time, cancellationToken, expression);
        return await task;
    }

    /// <inheritdoc cref="Completion{T}"/>
    public static async Task Completion(
        Task task,
        Func<string> describe,
        TimeSpan? timeout = null,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default,
        [CallerArgumentExpression(nameof(task))] string expression = "")
    {
        var bound = timeout ?? TestTimeouts.Default;
        try
        {
            await task.WaitAsync(bound, time ?? TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            throw Late(bound, expression, describe);
        }
    }

    private static TimeoutException Late(TimeSpan bound, string expression, Func<string> describe) =>
        new($"Not within {bound.TotalSeconds:0.###} s: {expression}{Environment.NewLine}{describe()}");
}
