namespace Orleans.Workflows.Credentials;

/// <summary>
/// Where one value of the agent's environment comes from: exactly one of the three. Only <see cref="Value"/> is stored;
/// the other two are names, and what they name is read at launch and never stored, printed or put on a command line.
/// </summary>
public sealed record ValueSource
{
    /// <summary>The value itself. Not for secrets: it is stored with the definition.</summary>
    public string? Value { get; init; }

    /// <summary>The name of a variable of the server's own environment.</summary>
    public string? FromEnv { get; init; }

    /// <summary>The absolute path of a regular file of at most 64 KB; one trailing newline is dropped.</summary>
    public string? FromFile { get; init; }

    /// <summary>A missing source leaves the variable out instead of refusing the run.</summary>
    public bool Optional { get; init; }

    public static ValueSource Literal(string value) => new() { Value = value };
}
