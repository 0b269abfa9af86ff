using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orleans.Workflows.Credentials;

public static class CredentialsExtensions
{
    /// <summary>Adds <see cref="CredentialResolver"/> and the validated <see cref="CredentialsOptions"/>.</summary>
    public static IServiceCollection AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<CredentialsOptions>().PostConfigure(options => options.AddDefaults()).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CredentialsOptions>, CredentialsOptionsValidator>());
        services.TryAddSingleton<CredentialResolver>(provider => new(provider.GetRequiredService<IOptionsMonitor<CredentialsOptions>>()));
        return services;
    }
}
