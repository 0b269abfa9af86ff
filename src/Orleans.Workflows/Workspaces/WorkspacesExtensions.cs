using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Workspaces.Collection;

namespace Orleans.Workflows.Workspaces;

public static class WorkspacesExtensions
{
    /// <summary>Adds <see cref="WorkspaceProvider"/>, <see cref="Collector"/> and the validated <see cref="WorkspacesOptions"/> and <see cref="CollectionOptions"/>.</summary>
    public static IServiceCollection AddWorkspaces(this IServiceCollection services)
    {
        services.AddOptions<WorkspacesOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WorkspacesOptions>, WorkspacesOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<WorkspaceProvider>();
        services.TryAddSingleton<Collector>();
        services.AddOptions<CollectionOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CollectionOptions>, CollectionOptionsValidator>());
        return services;
    }
}
