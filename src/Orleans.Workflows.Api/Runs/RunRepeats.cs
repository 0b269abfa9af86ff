using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Repeats a command, never a write, when another activation wrote first.</summary>
internal static class RunRepeats
{
    public static async Task<TResult> OnceMoreAsync<TState, TResult>(Func<TState, CancellationToken, Task<TResult>> command, TState state, CancellationToken cancellationToken)
    {
        try
        {
            return await command(state, cancellationToken);
        }
        catch (RunConflictException)
        {
            return await command(state, cancellationToken);
        }
    }
}
