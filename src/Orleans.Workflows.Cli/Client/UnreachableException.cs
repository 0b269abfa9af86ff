namespace Orleans.Workflows.Cli.Client;

/// <summary>Nobody answered, or what answered is not this service.</summary>
internal sealed class UnreachableException(Uri server, string why) : Exception(why)
{
    public Uri Server { get; } = server;
}
