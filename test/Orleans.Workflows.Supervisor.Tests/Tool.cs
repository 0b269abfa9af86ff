using System.Diagnostics;

namespace Orleans.Workflows.Supervisor.Tests;

internal static class Tool
{
    /// <summary>Waits for a short tool.</summary>
    internal static async Task RunAsync(string tool, params string[] arguments) => Assert.Equal(0, await ExitCodeAsync(tool, arguments));

    /// <summary>As <see cref="RunAsync"/>, for one that may fail.</summary>
    internal static async Task<int> ExitCodeAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }
}
