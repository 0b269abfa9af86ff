using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orleans.Workflows.Server;

/// <summary>Traces and metrics, sent where the standard variables of OpenTelemetry say.</summary>
internal static class TelemetryExtensions
{
    private const string Own = "Orleans.Workflows";
    private static readonly string[] Endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Nothing is collected unless an endpoint is set: spans that nobody reads would cost every request.</summary>
    public static void AddServerTelemetry(this WebApplicationBuilder builder, string node)
    {
        if (!Endpoints.Any(name => !string.IsNullOrEmpty(builder.Configuration[name])))
        {
            return;
        }

        builder.UseOrleans(silo => silo.AddActivityPropagation());
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("orleans-workflows", serviceInstanceId: node))
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.Orleans", Own)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", Own)
                .AddAspNetCoreInstrumentation())
            .UseOtlpExporter();
    }
}
