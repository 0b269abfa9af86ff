namespace Orleans.Workflows.Tests.Runs.Races;

/// <summary>An append on its way to the ledger.</summary>
public sealed class HeldAppend
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Arrived => _arrived.Task;

    public void Release() => _released.TrySetResult();

    internal Task ArriveAsync()
    {
        _arrived.TrySetResult();
        return _released.Task;
    }
}
