namespace Orleans.Workflows.Chaos.Faults;

/// <summary>Harm to the line between real agents and their model.</summary>
internal static class ModelFaults
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    public static async Task DisturbAsync(FaultContext context)
    {
        var line = context.Cluster.Model!.Line;

        // Nobody is hit while nobody asks.
        var begun = context.Log.Time.GetTimestamp();
        while (line.Connections == 0 && context.Log.Time.GetElapsedTime(begun) < LongestWait)
        {
            await Task.Delay(Poll, context.Log.Time, context.Stopping);
        }

        if (line.Connections == 0)
        {
            return;
        }

        // An agent that gives up on its model gets another attempt.
        var now = context.Log.Time.GetUtcNow();
        foreach (var run in context.Load.Asking)
        {
            context.Log.Explain(new(FaultKind.ModelCut.Name(), run, null, now, now));
        }

        context.Count(FaultKind.ModelCut, $"{line.Connections} connections");
        try
        {
            line.Cut();
            await context.PauseAsync(0.1, 3);
            line.Mend();
            line.Delay = TimeSpan.FromMilliseconds(context.Random.Next(20, 1_500));
            await context.PauseAsync(0.5, 4);
        }
        finally
        {
            line.Mend();
        }
    }
}
