namespace Orleans.Workflows.Execution;

/// <summary>
/// An agent that runs inside the silo instead of as a process: for measuring the engine alone. Registered by a host as a
/// keyed service under its agent name; workflows of other agents are not affected.
/// </summary>
public interface IInSiloAgent
{
    /// <summary>Does the work; returning is success, throwing is failure.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
