namespace Orleans.Workflows.Credentials;

/// <summary>The credentials that workflows may ask for by name.</summary>
public sealed class CredentialsOptions
{
    /// <summary>By name. <c>claude</c> is the server's <c>ANTHROPIC_API_KEY</c> unless settings say otherwise.</summary>
    public Dictionary<string, NamedCredential> Named { get; } = new(StringComparer.Ordinal);

    /// <summary>What holds unless settings name a credential of the same name: then theirs stands alone, unmixed.</summary>
    internal void AddDefaults() => Named.TryAdd("claude", new() { FromEnv = "ANTHROPIC_API_KEY" });
}
