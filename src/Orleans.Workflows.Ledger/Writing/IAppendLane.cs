namespace Orleans.Workflows.Ledger.Writing;

/// <summary>One connection that writes batches. Disposal waits until the queue is drained.</summary>
internal interface IAppendLane : IAsyncDisposable;
