using Orleans.Workflows.Execution;

namespace Orleans.Workflows.Benchmarks;

/// <summary>Does nothing inside the silo, so that only the engine is measured.</summary>
internal sealed class NoopAgent : IInSiloAgent
{
    public const string Name = "noop";

    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
