namespace Orleans.Workflows.Workflows.Loading;

/// <summary>A file that is not even YAML or JSON. Caught by the loader, which makes a problem of it.</summary>
internal sealed class SourceException(Position at, string message, string remedy) : Exception(message)
{
    public Position At { get; } = at;

    public string Remedy { get; } = remedy;
}
