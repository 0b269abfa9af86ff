using System.Runtime.InteropServices;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution;

/// <summary>Says in words why a program could not be executed.</summary>
internal static class LaunchErrors
{
    public static string? Describe(ExitRecord exit) => exit.LaunchErrno is not { } errno ? null : exit.LaunchStage switch
    {
        LaunchStage.Directory => $"The working directory can't be entered: {Marshal.GetPInvokeErrorMessage(errno)}.",
        LaunchStage.Spawn => $"No process could be made: {Marshal.GetPInvokeErrorMessage(errno)}.",
        _ => $"The program can't be executed: {Marshal.GetPInvokeErrorMessage(errno)}.",
    };
}
