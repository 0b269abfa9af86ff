using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Values of a parser's snapshot in binary. The same state always gives the same bytes.</summary>
internal static class SnapshotFormat
{
    public static void WriteText(this BinaryWriter writer, string? value)
    {
        writer.Write(value is not null);
        if (value is not null)
        {
            writer.Write(value);
        }
    }

    public static string? ReadText(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;

    public static void WriteNumber(this BinaryWriter writer, long? value)
    {
        writer.Write(value is not null);
        if (value is { } known)
        {
            writer.Write7BitEncodedInt64(known);
        }
    }

    public static long? ReadNumber(this BinaryReader reader) => reader.ReadBoolean() ? reader.Read7BitEncodedInt64() : null;

    public static void WriteMoney(this BinaryWriter writer, decimal? value)
    {
        writer.Write(value is not null);
        if (value is { } known)
        {
            writer.Write(known);
        }
    }

    public static decimal? ReadMoney(this BinaryReader reader) => reader.ReadBoolean() ? reader.ReadDecimal() : null;

    public static void WriteUsage(this BinaryWriter writer, TokenUsage usage)
    {
        writer.WriteNumber(usage.InputTokens);
        writer.WriteNumber(usage.OutputTokens);
        writer.WriteNumber(usage.CacheReadTokens);
        writer.WriteNumber(usage.CacheCreationTokens);
        writer.WriteMoney(usage.CostUsd);
    }

    public static TokenUsage ReadUsage(this BinaryReader reader) => new()
    {
        InputTokens = reader.ReadNumber(),
        OutputTokens = reader.ReadNumber(),
        CacheReadTokens = reader.ReadNumber(),
        CacheCreationTokens = reader.ReadNumber(),
        CostUsd = reader.ReadMoney(),
    };
}
