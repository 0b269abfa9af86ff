using Orleans.Concurrency;

namespace Orleans.Workflows.Execution;

/// <summary>See <see cref="IExecutorGrain"/>. The cap comes from <see cref="ExecutionOptions.LaunchConcurrency"/>, not from the attribute.</summary>
[StatelessWorker]
internal sealed class ExecutorGrain(Attempts attempts) : Grain, IExecutorGrain
{
    public Task LaunchAsync(LaunchOrder order) => attempts.LaunchAsync(order);
}
