using Microsoft.Extensions.Options;
using Orleans.Metadata;

namespace Orleans.Workflows.Execution;

/// <summary>Sets the pool's cap from options. Must be registered after Orleans' own provider, whose attribute value it replaces.</summary>
internal sealed class ExecutorCap(IOptions<ExecutionOptions> options) : IGrainPropertiesProvider
{
    /// <summary>Orleans' own key, which it does not publish as a constant.</summary>
    private const string MaxLocalInstances = "max-local-instances";

    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainClass == typeof(ExecutorGrain))
        {
            properties[MaxLocalInstances] = options.Value.LaunchConcurrency.ToString();
        }
    }
}
