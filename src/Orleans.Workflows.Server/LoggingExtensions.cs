namespace Orleans.Workflows.Server;

/// <summary>What is logged unless settings say otherwise: one line an entry, what matters to whoever runs the service.</summary>
internal static class LoggingExtensions
{
    /// <summary>Lowest in precedence: files, environment and command line go before.</summary>
    public static Dictionary<string, string?> Defaults { get; } = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Orleans.Workflows"] = "Information",
        // What Orleans' base class of grain services tells of its ring.
        ["Logging:LogLevel:Orleans.Workflows.Execution.NodeService"] = "Warning",
        // Its first look after the start compares with the machine's boot and always complains.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
        // Logging every request costs more than answering it. None also spares the request its activity while nobody traces.
        ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None",
    };

    public static ILoggingBuilder AddServerConsole(this ILoggingBuilder logging) => logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
    });
}
