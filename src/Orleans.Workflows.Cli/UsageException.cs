namespace Orleans.Workflows.Cli;

/// <summary>The command line asks for something that can't be.</summary>
internal sealed class UsageException(string message, string remedy) : Exception(message)
{
    public string Remedy { get; } = remedy;
}
