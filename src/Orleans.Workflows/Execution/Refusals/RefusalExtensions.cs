using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Refusals;

/// <summary>Telling a run's grain what its ledger may refuse for good.</summary>
internal static class RefusalExtensions
{
    /// <summary>Tells the end; where its words are refused for good, with as many of them as are taken.</summary>
    public static async Task<bool> EndedReducedAsync(this IRunAttemptsGrain grain, AttemptEnd end)
    {
        try
        {
            return await grain.EndedAsync(end);
        }
        catch (RunConflictException refused) when (refused.Refusal is not null)
        {
            foreach (var reduced in EndReductions.Of(end))
            {
                if (await TryAsync(async () => await grain.EndedAsync(reduced)) is { } taken)
                {
                    return taken;
                }
            }

            throw;
        }
    }

    /// <inheritdoc cref="EndedReducedAsync"/>
    public static async Task<bool> StartedReducedAsync(this IRunAttemptsGrain grain, AttemptStart start)
    {
        try
        {
            return await grain.StartedAsync(start);
        }
        catch (RunConflictException refused) when (refused.Refusal is not null)
        {
            foreach (var reduced in StartReductions.Of(start))
            {
                if (await TryAsync(async () => await grain.StartedAsync(reduced)) is { } taken)
                {
                    return taken;
                }
            }

            throw;
        }
    }

    private static async Task<bool?> TryAsync(Func<Task<bool>> tell)
    {
        try
        {
            return await tell();
        }
        catch (RunConflictException refused) when (refused.Refusal is not null)
        {
            return null;
        }
    }
}
