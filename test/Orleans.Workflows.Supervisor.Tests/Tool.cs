using System.Diagnostics;

namespace Orleans.Workflows.Supervisor.Tests;

internal static class Tool
{
    /// <summary>Waits for a short tool.</summary>
    internal static async Task RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(tool, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
