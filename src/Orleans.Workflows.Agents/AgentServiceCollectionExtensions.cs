using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Workflows.Agents.Claude;
using Orleans.Workflows.Agents.Command;
using Orleans.Workflows.Agents.Discovery;
using Orleans.Workflows.Agents.Scripted;

namespace Orleans.Workflows.Agents;

public static class AgentServiceCollectionExtensions
{
    /// <summary>Registers <see cref="AgentCatalog"/> with the shipped agents and every other registered <see cref="IAgentAdapter"/>.</summary>
    public static IServiceCollection AddAgents(this IServiceCollection services)
    {
        services.TryAddSingleton<IAgentMachine, AgentMachine>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAgentAdapter, ClaudeAdapter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAgentAdapter, CommandAdapter>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAgentAdapter, ScriptedAdapter>());
        services.TryAddSingleton<AgentCatalog>();
        return services;
    }
}
