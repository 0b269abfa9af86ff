namespace Orleans.Workflows.Supervisor.Tests;

/// <summary>The two builds of the supervisor; every behaviour is tested on both.</summary>
public enum SupervisorRuntime
{
    Native,
    Shared,
}
