namespace Orleans.Workflows.Cli.Client;

/// <summary>A list that is always whole.</summary>
internal sealed record ItemList<T>
{
    public IReadOnlyList<T> Items { get; init; } = [];
}
