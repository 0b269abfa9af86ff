using Orleans.Runtime;
using Orleans.Workflows.Execution;

namespace Orleans.Workflows.Runs;

/// <summary>
/// References to a run's grain. Orleans works out a grain's interface by reflection for every reference that is asked for by
/// type, which was a tenth of the CPU of a run that does nothing; here it is worked out once.
/// </summary>
public static class RunReferences
{
    /// <summary>The grain of <paramref name="run"/>, whether or not there is such a run.</summary>
    public static IWorkflowGrain GetRun(this IGrainFactory grains, RunId run) => Types<IWorkflowGrain>.Get(grains, run);

    /// <summary>The same grain, as the node that executes the run's attempts sees it.</summary>
    internal static IRunAttemptsGrain GetRunAttempts(this IGrainFactory grains, RunId run) => Types<IRunAttemptsGrain>.Get(grains, run);

    private static class Types<TGrain>
        where TGrain : class, IGrainWithGuidKey
    {
        private static Pair? _known;

        public static TGrain Get(IGrainFactory grains, RunId run)
        {
            if (_known is { } known)
            {
                return (TGrain)grains.GetGrain(GrainId.Create(known.Grain, GrainIdKeyExtensions.CreateGuidKey(run.Value)), known.Interface);
            }

            var first = grains.GetGrain<TGrain>(run.Value);
            _known = new(first.GetGrainId().Type, ((GrainReference)(object)first).InterfaceType);
            return first;
        }

        private sealed record Pair(GrainType Grain, GrainInterfaceType Interface);
    }
}
