using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Workflows;

public static class WorkflowsExtensions
{
    /// <summary>Adds <see cref="WorkflowCatalog"/>, its watcher and the validated <see cref="WorkflowsOptions"/>.</summary>
    public static IServiceCollection AddWorkflowCatalog(this IServiceCollection services)
    {
        services.AddOptions<WorkflowsOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkflowsOptions>, WorkflowsOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkflowCatalog>();
        services.AddHostedService<WorkflowWatchService>();
        return services;
    }
}
