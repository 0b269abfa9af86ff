using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Workflows.Chaos.Checking;
using Orleans.Workflows.Chaos.Faults;

namespace Orleans.Workflows.Chaos;

/// <summary>The one line on stdout.</summary>
internal sealed record ChaosReport(int Runs, IReadOnlyDictionary<FaultKind, int> Faults, IReadOnlyList<Violation> Violations)
{
    public bool IsClean => Violations.Count == 0;

    public string ToJson()
    {
        var json = new JsonObject
        {
            ["runs"] = Runs,
            ["faults"] = new JsonObject(Faults.Select(fault => KeyValuePair.Create<string, JsonNode?>(fault.Key.Name(), fault.Value))),
        };
        foreach (var kind in Enum.GetValues<ViolationKind>())
        {
            json[JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())] = Violations.Count(violation => violation.Kind == kind);
        }

        return json.ToJsonString();
    }
}
