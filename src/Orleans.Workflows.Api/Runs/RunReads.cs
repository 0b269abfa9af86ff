using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Api.Problems;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Finds the run that a path names.</summary>
internal sealed class RunReads(IGrainFactory grains)
{
    /// <summary>Null: the problem has been answered.</summary>
    public async Task<RunInfo?> FindAsync(HttpContext context)
    {
        if (await IdAsync(context) is not { } id)
        {
            return null;
        }

        var run = await Grain(id).GetAsync();
        if (run is null)
        {
            await context.RefuseAsync(RunRequests.Missing(id));
        }

        return run;
    }

    /// <summary>Null: the problem has been answered.</summary>
    public static async Task<RunId?> IdAsync(HttpContext context)
    {
        if (RunId.TryParse(context.Request.RouteValues["id"] as string, null, out var id))
        {
            return id;
        }

        await context.RefuseAsync(Failure.Invalid("id", "The path does not name a run's id.", "Ids are UUIDs, like 0199c0de-0000-7000-8000-000000000000; list the runs to find one."));
        return null;
    }

    public IWorkflowGrain Grain(RunId id) => grains.GetRun(id);

    /// <summary>The run once it has ended, or as it is when <paramref name="wait"/> is over or the server stops: what was asked before is done either way.</summary>
    public async Task<RunInfo?> WaitForEndAsync(RunId id, TimeSpan wait, TimeProvider time, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        try
        {
            return await WaitForEndAsync(id, wait, time, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return await Grain(id).GetAsync();
        }
    }

    private async Task<RunInfo?> WaitForEndAsync(RunId id, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var left = wait - time.GetElapsedTime(began);
            // A call of a grain may last 30 s; the grain itself answers before.
            var run = await Grain(id).WaitAsync(0, untilEnded: true, left > TimeSpan.Zero ? left : TimeSpan.Zero).WaitAsync(cancellationToken);
            if (run is null || run.Status.IsTerminal() || time.GetElapsedTime(began) >= wait)
            {
                return run;
            }
        }
    }
}
