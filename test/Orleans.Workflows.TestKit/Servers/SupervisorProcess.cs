using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>The supervisor of an attempt, as the attempt's own files name it.</summary>
public static class SupervisorProcess
{
    /// <summary>Null until it has begun. It may have ended since.</summary>
    public static int? Find(string stateDirectory, RunId run, int attempt = 1) =>
        AttemptDirectory.Of(stateDirectory, run.Value, attempt).ReadSupervisor()?.Pid;

    /// <summary>It has recorded the attempt's end.</summary>
    public static bool HasEnded(string stateDirectory, RunId run, int attempt = 1) =>
        AttemptDirectory.Of(stateDirectory, run.Value, attempt).HasEnded;
}
