namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>FNV-1a, 64 bits: an agent's ids as fixed-size keys that are the same in every process and version.</summary>
internal static class IdHash
{
    public static ulong Of(ReadOnlySpan<byte> id)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in id)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }
}
