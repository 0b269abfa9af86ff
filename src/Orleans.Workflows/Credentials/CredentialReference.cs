namespace Orleans.Workflows.Credentials;

/// <summary>
/// The secret that an agent signs in with. Either it says its source itself, or it only has a <see cref="Name"/> that
/// <see cref="CredentialsOptions"/> knows, so that one workflow fits servers that keep their secrets differently.
/// </summary>
public sealed record CredentialReference
{
    public string? Name { get; init; }

    /// <summary>The variable that the agent finds it in; null: the name of the source variable.</summary>
    public string? Variable { get; init; }

    /// <summary>Null: looked up by <see cref="Name"/> at launch.</summary>
    public ValueSource? Source { get; init; }
}
