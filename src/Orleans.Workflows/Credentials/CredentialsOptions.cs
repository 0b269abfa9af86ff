namespace Orleans.Workflows.Credentials;

/// <summary>The credentials that workflows may ask for by name.</summary>
public sealed class CredentialsOptions
{
    /// <summary>By name. <c>claude</c> is the server's <c>ANTHROPIC_API_KEY</c> unless settings say otherwise.</summary>
    public Dictionary<string, NamedCredential> Named { get; } = new(StringComparer.Ordinal)
    {
        ["claude"] = new() { FromEnv = "ANTHROPIC_API_KEY" },
    };
}
