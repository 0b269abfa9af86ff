namespace Orleans.Workflows.Cli.Client;

/// <summary>What the server said: read, and word for word.</summary>
internal readonly record struct Answer<T>(T Value, string Json);
