using System.Text;
using System.Text.Json;

namespace Orleans.Workflows.Chaos.Checking;

/// <summary>
/// What one agent process said, read anew from its transcript. The agents of the harness number their texts, <c>3/12 …</c>,
/// and each of their lines has a uuid of its own:
/// <code>{"type":"assistant","message":{"id":"msg_1","content":[{"type":"text","text":"3/12"}],"usage":{"input_tokens":100}},"uuid":"…"}</code>
/// </summary>
internal sealed record AttemptFold
{
    public required Numbers Numbers { get; init; }

    /// <summary>The numbered texts in their order.</summary>
    public required IReadOnlyList<(int Number, int Of)> Steps { get; init; }

    /// <summary>Ids of the model's messages in their order; what an agent makes up itself is none.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    public bool HasResult { get; init; }

    /// <summary>A uuid that two lines have, or null.</summary>
    public string? Repeated { get; init; }

    /// <summary>A whole line that is no JSON, or null.</summary>
    public string? Broken { get; init; }

    public static AttemptFold Of(IEnumerable<TranscriptPart> parts)
    {
        var bytes = parts.Where(part => part.Stream == 1).OrderBy(part => part.Offset).SelectMany(part => part.Bytes).ToArray();
        var fold = new AttemptFold { Numbers = Numbers.Unknown, Steps = [] };
        var (messages, tools, uuids) = (new List<string>(), new HashSet<string>(), new HashSet<string>());
        var steps = new List<(int, int)>();
        var text = Encoding.UTF8.GetString(bytes);

        // A killed agent's last line may be half a line.
        var whole = text.Split('\n')[..^1];
        foreach (var line in whole.Where(line => line.Length > 0))
        {
            JsonElement json;
            try
            {
                json = JsonElement.Parse(line);
            }
            catch (JsonException)
            {
                return fold with { Broken = $"a line is no JSON: {line[..Math.Min(line.Length, 120)]}" };
            }

            var type = json.GetProperty("type").GetString();
            if (type != "stream_event" && json.TryGetProperty("uuid", out var uuid) && !uuids.Add(uuid.GetString()!))
            {
                fold = fold with { Repeated = uuid.GetString() };
            }

            fold = type switch
            {
                "assistant" => fold with { Numbers = Message(fold.Numbers, json.GetProperty("message"), messages, tools, steps) },
                "result" => fold with { Numbers = Result(fold.Numbers, json), HasResult = true },
                _ => fold,
            };
        }

        // Without any message the agent is known to have taken no turn as soon as it said anything.
        var numbers = whole.Length == 0 ? Numbers.Unknown : fold.Numbers with { Turns = fold.Numbers.Turns ?? 0, ToolCalls = fold.Numbers.ToolCalls ?? 0 };
        return fold with { Numbers = numbers, Steps = steps, Messages = messages };
    }

    private static Numbers Message(Numbers sum, JsonElement message, List<string> known, HashSet<string> tools, List<(int, int)> steps)
    {
        var called = 0;
        foreach (var block in message.GetProperty("content").EnumerateArray())
        {
            called += block.GetProperty("type").GetString() == "tool_use" && tools.Add(block.GetProperty("id").GetString()!) ? 1 : 0;
            if (block.TryGetProperty("text", out var text) && text.GetString()!.Split(' ')[0].Split('/') is [var number, var of]
                && int.TryParse(number, out var n) && int.TryParse(of, out var all))
            {
                steps.Add((n, all));
            }
        }

        // A message may come as several lines, one for each of its blocks.
        var id = message.GetProperty("id").GetString()!;
        if (known.Contains(id) || (message.TryGetProperty("model", out var model) && model.GetString() == "<synthetic>"))
        {
            return called == 0 ? sum : sum.Add(Numbers.Unknown with { ToolCalls = called });
        }

        known.Add(id);
        var usage = message.GetProperty("usage");
        return sum.Add(new(1, null, called, Count(usage, "input_tokens"), null, Count(usage, "cache_read_input_tokens"), Count(usage, "cache_creation_input_tokens"), null));
    }

    /// <summary>A result's totals are the whole of the process so far; its turns are those since the result before.</summary>
    private static Numbers Result(Numbers sum, JsonElement result)
    {
        var models = result.GetProperty("modelUsage").EnumerateObject().Select(model => model.Value).ToArray();
        long? Total(string name, long? soFar) => models.Length == 0 ? soFar ?? 0 : models.Sum(model => Count(model, name) ?? 0);
        return sum with
        {
            AgentTurns = (sum.AgentTurns ?? 0) + result.GetProperty("num_turns").GetInt32(),
            Input = Total("inputTokens", sum.Input),
            Output = Total("outputTokens", sum.Output),
            CacheRead = Total("cacheReadInputTokens", sum.CacheRead),
            CacheCreation = Total("cacheCreationInputTokens", sum.CacheCreation),
            CostUsd = result.GetProperty("total_cost_usd").GetDecimal(),
        };
    }

    private static long? Count(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
