using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Tests;

internal static class ProcessEnd
{
    /// <summary>Init, or this process, reaps it in a moment; there is no event to await for somebody else's child.</summary>
    internal static async Task EndedAsync(this ProcessRecord process)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (ProcessIdentity.IsAlive(process))
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
