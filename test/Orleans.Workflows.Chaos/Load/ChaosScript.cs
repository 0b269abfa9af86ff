using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.Workflows.Chaos.Load;

/// <summary>What an agent of the load does: it beats, says numbered texts with pauses, and in between is one of several kinds of trouble.</summary>
internal static class ChaosScript
{
    public static string Make(Random random)
    {
        var texts = random.Next(5, 30);
        var pause = random.Next(50, 250);
        var steps = new JsonArray { new JsonObject { ["heartbeat"] = 50 } };
        var trouble = random.Next(texts);
        var kind = random.Next(100);
        for (var i = 0; i < texts; i++)
        {
            if (i == trouble)
            {
                foreach (var step in Trouble(kind, random))
                {
                    steps.Add(step);
                }
            }

            steps.Add(new JsonObject { ["text"] = $"{i + 1}/{texts} said", ["usage"] = new JsonObject { ["input"] = random.Next(1, 500), ["output"] = random.Next(1, 500), ["cacheRead"] = random.Next(0, 500) }, ["costUsd"] = random.Next(1, 50) / 10_000m });
            steps.Add(new JsonObject { ["delayMs"] = pause });
        }

        steps.Add(new JsonObject { ["result"] = "done" });
        if (kind is >= 60 and < 65)
        {
            steps.Add(new JsonObject { ["hang"] = true });
        }

        return new JsonObject { ["steps"] = steps }.ToJsonString();
    }

    private static IEnumerable<JsonNode> Trouble(int kind, Random random) => kind switch
    {
        // A tool that is a process of its own.
        < 15 => [new JsonObject { ["tool"] = "Bash", ["run"] = $"sleep {random.Next(1, 20) / 10.0:0.0}; echo ok" }],
        // More output than a pipe holds.
        < 25 => [new JsonObject { ["lines"] = random.Next(500, 4_000), ["bytes"] = 300 }],
        // Children of each sort that would outlive it.
        < 35 => [new JsonObject { ["child"] = 600, ["daemon"] = random.Next(2) == 0, ["setsid"] = random.Next(2) == 0, ["holdOutput"] = random.Next(2) == 0 }],
        < 40 => [new JsonObject { ["exit"] = 3 }],
        < 45 => [new JsonObject { ["ignoreTerm"] = true }],
        < 48 => [new JsonObject { ["hang"] = "deaf" }],
        < 50 => [new JsonObject { ["longLine"] = 1_000_000 }],
        < 55 => [new JsonObject { ["stderr"] = new StringBuilder().Insert(0, "trouble ", 50).ToString() }],
        _ => [],
    };
}
