namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>
/// One name for a model where the stream has several: a result counts <c>claude-opus-4-8[1m]</c>, the messages of the same
/// model say <c>claude-opus-4-8</c>, and an API may answer with a date behind the name (<c>-20260401</c>).
/// </summary>
internal static class ModelName
{
    public const string Synthetic = "<synthetic>";

    public static string Canonical(string name)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        var plain = bracket > 0 && name.EndsWith(']') ? name[..bracket] : name;
        var dated = plain.Length > 9 && plain[^9] == '-' && plain.AsSpan(plain.Length - 8).IndexOfAnyExceptInRange('0', '9') < 0;
        return dated ? plain[..^9] : plain;
    }
}
