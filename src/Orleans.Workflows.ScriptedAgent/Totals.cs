using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>Tokens and cost of one message.</summary>
internal readonly record struct Usage(long Input, long Output, long CacheRead, long CacheCreation, decimal Cost)
{
    /// <summary>From a step's <c>usage: {input, output, cacheRead, cacheCreation}</c> and <c>costUsd</c>; 100 in, 20 out, 0.0008 dollars where it says nothing.</summary>
    public static Usage Of(JsonElement step)
    {
        var usage = step.ValueKind == JsonValueKind.Object && step.TryGetProperty("usage", out var given) ? given : default;
        return new Usage(usage.Number("input") ?? 100, usage.Number("output") ?? 20, usage.Number("cacheRead") ?? 0, usage.Number("cacheCreation") ?? 0, step.Money("costUsd") ?? 0.0008m);
    }
}

/// <summary>The process's sums.</summary>
internal sealed class Totals
{
    private Usage _sum;
    private int _turns;
    private bool _any;

    public decimal Cost => _sum.Cost;

    public int Turns { get; private set; }

    public List<string> Denied { get; } = [];

    public void Add(Usage usage)
    {
        _any = true;
        _turns++;
        Turns++;
        _sum = new Usage(
            _sum.Input + usage.Input, _sum.Output + usage.Output, _sum.CacheRead + usage.CacheRead,
            _sum.CacheCreation + usage.CacheCreation, _sum.Cost + usage.Cost);
    }

    /// <summary>Turns since the last result.</summary>
    public int TakeTurns() => (_turns, _turns = 0).Item1;

    public void Write(Utf8JsonWriter json, string model)
    {
        json.WriteStartObject("modelUsage"u8);
        if (_any)
        {
            json.WriteStartObject(model);
            json.WriteNumber("inputTokens"u8, _sum.Input);
            json.WriteNumber("outputTokens"u8, _sum.Output);
            json.WriteNumber("cacheReadInputTokens"u8, _sum.CacheRead);
            json.WriteNumber("cacheCreationInputTokens"u8, _sum.CacheCreation);
            json.WriteNumber("costUSD"u8, _sum.Cost);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
