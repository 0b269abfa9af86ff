namespace Orleans.Workflows.Credentials;

/// <summary>A credential as the server's settings describe it: one of the two sources, and the variable it becomes.</summary>
public sealed class NamedCredential
{
    public string? FromEnv { get; set; }

    public string? FromFile { get; set; }

    /// <summary>The variable that the agent finds it in. Default: the name in <see cref="FromEnv"/>.</summary>
    public string? Variable { get; set; }
}
