using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Retention;

public static class RetentionExtensions
{
    /// <summary>Adds what deletes ended runs and expired keys, and the validated <see cref="RetentionOptions"/>.</summary>
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.AddOptions<RetentionOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RetentionOptions>, RetentionOptionsValidator>());
        services.TryAddSingleton<IMetricsLink, MetricsLink>();
        services.AddHostedService<RetentionService>();
        return services;
    }
}
