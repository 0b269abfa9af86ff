using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Serialization;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Batches;
using Orleans.Workflows.Credentials;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Reconciling;
using Orleans.Workflows.Execution.Room;
using Orleans.Workflows.Execution.Supervision;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Retention;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Watching;
using Orleans.Workflows.Workflows;
using Orleans.Workflows.Workspaces;
using Orleans.Workflows.Workspaces.Collection;

namespace Orleans.Workflows.Hosting;

/// <summary>Puts the engine into a host: one silo that runs, watches and answers for runs.</summary>
public static class WorkflowsHostingExtensions
{
    /// <summary>Section of the settings; see the README for all of them.</summary>
    public const string Section = "Workflows";

    /// <inheritdoc cref="ExecutionOptions.Lease"/>
    private static readonly TimeSpan DefaultLease = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Longest probe of another silo. Three of them are the time for which Orleans does not let anybody vote against a silo that
    /// sent something, however many probes it missed: with its own 20 s a frozen silo kept its grains – the admission, and
    /// with it all queues – for a minute. A silo that ended closes its connections and is not waited for.
    /// </summary>
    private static readonly TimeSpan LongestProbe = TimeSpan.FromSeconds(7);

    /// <summary>How late a silo that thaws learns that it is dead, if nobody tells it. Until then it competes for grains that are others' now, the admission's among them.</summary>
    private static readonly TimeSpan MembershipRefresh = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Grains whose silo is remembered, about 300 bytes each; of others it is asked again. Each run is a grain, and most are
    /// asked once or twice and never again: with Orleans' own million, memory would grow by 300 MB before it stayed flat.
    /// </summary>
    private const int KnownGrains = 10_000;

    /// <summary>Adds the engine and its silo. The node and the ledger are taken first, because nothing works without them.</summary>
    public static IHostApplicationBuilder AddOrleansWorkflows(this IHostApplicationBuilder builder, WorkflowsNode node, ILedger ledger, LedgerOptions database)
    {
        var settings = builder.Configuration.GetSection(Section);
        builder.Services.AddSingleton(node);
        builder.Services.AddSingleton(ledger);
        builder.Services.AddSingleton(database);
        builder.Services.TryAddSingleton<TimeProvider>(new ForwardTime(TimeProvider.System));
        builder.Services.AddEngine(settings, node, database);
        builder.UseOrleans(silo => silo.UseWorkflowsSilo(settings, node, database));

        // After UseOrleans: started when the silo is, stopped before it.
        builder.Services.AddSingleton<IGrainPropertiesProvider, ExecutorCap>();
        builder.Services.AddHostedService(services => services.GetRequiredService<NodeLeaseService>());
        builder.Services.AddHostedService<AdoptionService>();
        builder.Services.AddHostedService<SupervisorLeaseService>();
        builder.Services.AddHostedService<NodeLossService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Dispatcher>());
        builder.Services.AddHostedService<ProcessReconcileService>();
        builder.Services.AddHostedService<DeadlineScanService>();
        builder.Services.AddHostedService<CollectionService>();
        builder.Services.AddHostedService<ScheduleWakeService>();
        builder.Services.AddHostedService<BatchWakeService>();
        builder.Services.Configure<RetentionOptions>(settings.GetSection("Retention")).AddRetention();
        return builder;
    }

    private static void AddEngine(this IServiceCollection services, IConfiguration settings, WorkflowsNode node, LedgerOptions database)
    {
        services.AddOptions<RunOptions>().Bind(settings.GetSection("Runs")).ValidateOnStart();
        services.AddOptions<AdmissionOptions>().Bind(settings.GetSection("Admission")).ValidateOnStart();
        services.AddOptions<WatchingOptions>().Bind(settings.GetSection("Watching")).ValidateOnStart();
        services.AddOptions<AgentsOptions>().Bind(settings.GetSection("Agents")).ValidateOnStart();
        services.AddOptions<ExecutionOptions>().Bind(settings.GetSection("Execution"))
            .Configure(options => (options.Node, options.StateDirectory) = (node.Id, node.StateDirectory))
            .PostConfigure(options => options.Lease ??= database.Provider == LedgerProviders.PostgreSql ? DefaultLease : null).ValidateOnStart();
        services.AddOptions<NodeOptions>().Bind(settings.GetSection("Node")).Configure(options => AddLabels(options, settings)).ValidateOnStart();
        services.AddOptions<ExecutionOptions>().PostConfigure<IOptions<NodeOptions>>((execution, self) => execution.Slots = self.Value.Role is NodeRole.Frontend ? 0 : execution.Slots);
        services.AddOptions<SupervisorOptions>()
            .Configure<IOptions<ExecutionOptions>>((options, execution) => options.ProgramPath = execution.Value.Supervisor is { Length: > 0 } path ? path : null);
        services.Configure<WorkflowsOptions>(settings.GetSection("Workflows")).AddWorkflowCatalog();
        services.Configure<CredentialsOptions>(settings.GetSection("Credentials")).AddCredentials();
        services.Configure<WorkspacesOptions>(settings.GetSection("Workspaces")).AddWorkspaces();
        services.Configure<CollectionOptions>(settings.GetSection("Collection"));
        services.AddSingleton<SessionStore>();
        services.AddSingleton<AttemptCleanup>();
        services.PostConfigure<WorkspacesOptions>(options => options.Directory = options.Directory.Length == 0 ? Path.Combine(node.StateDirectory, "workspaces") : options.Directory);
        services.AddAgents();

        services.AddSingleton<DefinitionStore>();
        services.AddSingleton(provider => new RunStarter(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<WorkflowCatalog>(),
            provider.GetRequiredService<CredentialResolver>(),
            provider.GetRequiredService<AgentCatalog>(),
            provider.GetRequiredService<DefinitionStore>(),
            provider,
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ScheduleStore>();
        services.AddSingleton<BatchStore>();
        services.AddSingleton<LimitStore>();
        services.AddSingleton<HoldStore>();
        services.AddSingleton<RunExplainer>();
        services.AddSingleton<SupervisorPool>();
        services.AddSingleton<SupervisorLauncher>();
        services.AddSingleton<AttemptLauncher>();
        services.AddSingleton<Attempts>();
        services.AddSingleton(provider => new StartRoom(provider.GetRequiredService<IOptions<ExecutionOptions>>().Value, MachineMemory.Available, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<IAdmissionLink>(provider => provider.GetRequiredService<Dispatcher>());
        services.AddSingleton<INodeLink, NodeLink>();
        services.AddSingleton<IValidateOptions<ExecutionOptions>, ExecutionOptionsValidator>();
        services.AddSingleton<IValidateOptions<AdmissionOptions>, AdmissionOptionsValidator>();
        services.AddSingleton<IValidateOptions<NodeOptions>, NodeOptionsValidator>();
        services.AddSingleton<NodeLeaseService>();
        services.AddSingleton<NodeWatch>();
        services.AddSingleton(provider => new NodeStore(
            provider.GetRequiredService<ILedger>(),
            provider.GetRequiredService<INodeLink>(),
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<IOptions<ExecutionOptions>>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>One text with commas is a list too: the binder drops it without a word.</summary>
    private static void AddLabels(NodeOptions options, IConfiguration settings)
    {
        var text = settings["Node:Labels"]?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        options.Labels = [.. options.Labels.Concat(text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    private static void UseWorkflowsSilo(this ISiloBuilder silo, IConfiguration settings, WorkflowsNode node, LedgerOptions database)
    {
        var cluster = settings.GetSection("Cluster").Get<WorkflowsClusterOptions>() ?? new();
        var address = IPAddress.TryParse(cluster.Address, out var parsed)
            ? parsed
            : throw new InvalidOperationException($"Workflows:Cluster:Address must be an IP address that other silos reach this one at, not '{cluster.Address}'.");

        // An error tells its cause across silos too, and a database driver's is one.
        silo.Services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.UnionWith(["Orleans.Workflows", "Npgsql", "Microsoft.Data"]));
        var port = cluster.SiloPort == 0 ? SiloPort.Take(node.StateDirectory, address) : cluster.SiloPort;
        var (invariant, connection) = OrleansTables.Provider(database, node.StateDirectory);
        if (OrleansTables.IsSqlite(database))
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, serviceId: cluster.ServiceId, clusterId: cluster.ClusterId);
        }
        else
        {
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (invariant, connection));
        }

        silo.Configure<Orleans.Configuration.ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.ClusterId, cluster.ServiceId));
        silo.Configure<ClusterMembershipOptions>(options => (options.MaxProbeTimeout, options.TableRefreshTimeout) = (LongestProbe, MembershipRefresh));
        silo.Configure<SiloOptions>(options => options.SiloName = node.Id);
        silo.Configure<GrainDirectoryOptions>(options => options.CacheSize = KnownGrains);
        silo.ConfigureEndpoints(address, port, gatewayPort: 0);
        silo.AddAdoNetGrainStorage(MetricsGrain.Storage, options => (options.Invariant, options.ConnectionString) = (invariant, connection));

        // Orleans' minimum guards against mistakes; this period is one setting, and every run has one reminder at most.
        silo.Services.AddOptions<ReminderOptions>().Configure<IOptions<RunOptions>>((reminders, runs) =>
            reminders.MinimumReminderPeriod = runs.Value.ReminderPeriod < reminders.MinimumReminderPeriod ? runs.Value.ReminderPeriod : reminders.MinimumReminderPeriod);
        silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (invariant, connection));
        silo.AddGrainService<NodeService>();
    }
}
