namespace Orleans.Workflows.Execution;

/// <summary>
/// A pool of stateless workers, local to the caller, that launches attempts: its cap bounds launches at once on a silo.
/// It only launches; the attempt itself lives in its supervisor and is watched by the node.
/// </summary>
[Alias("executor-grain")]
internal interface IExecutorGrain : IGrainWithIntegerKey
{
    /// <summary>Returns when the attempt's launch is under way or has failed (which the run then knows).</summary>
    [Alias("launch")]
    Task LaunchAsync(LaunchOrder order);
}
