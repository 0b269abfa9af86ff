using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Reconciling;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Schedules;
using Orleans.Workflows.Watching;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>Builds a server without some of its watchers, so that a test sees what the others find alone, and with a log of its own. Last of all: the server clears the logs that it finds.</summary>
internal sealed class ContainerChanges(Watchers off, RecordedLog? log) : IServiceProviderFactory<IServiceCollection>
{
    private static readonly Dictionary<Watchers, Type> Services = new()
    {
        [Watchers.Adoption] = typeof(AdoptionService),
        [Watchers.DeadlineScan] = typeof(DeadlineScanService),
        [Watchers.Reconciler] = typeof(ProcessReconcileService),
        [Watchers.NodeLoss] = typeof(NodeLossService),
        [Watchers.Schedules] = typeof(ScheduleWakeService),
        [Watchers.Batches] = typeof(BatchWakeService),
    };

    public IServiceCollection CreateBuilder(IServiceCollection services)
    {
        foreach (var (watcher, type) in Services.Where(service => off.HasFlag(service.Key)))
        {
            var descriptor = services.SingleOrDefault(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType == type)
                ?? throw new InvalidOperationException($"{watcher} can't be switched off: the server has no service {type}.");
            services.Remove(descriptor);
        }

        if (log is not null)
        {
            services.AddSingleton<ILoggerProvider>(log);
        }

        return services;
    }

    public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => containerBuilder.BuildServiceProvider();
}
