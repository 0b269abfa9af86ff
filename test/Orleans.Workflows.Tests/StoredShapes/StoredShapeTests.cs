using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Tests.Runs.Races;
using Orleans.Workflows.Usage;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.StoredShapes;

/// <summary>
/// What the databases hold must load for ever: one sample of each stored shape, with every field set. Today's code reads each
/// and writes the same fields again; more is no harm, a field that is gone or has another name is. Add samples, never change them.
/// </summary>
public sealed class StoredShapeTests(RaceSilo silo) : IClassFixture<RaceSilo>
{
    [Theory]
    [InlineData("run-spec")]
    [InlineData("run-details")]
    [InlineData("attempt-details")]
    [InlineData("run-result")]
    [InlineData("definition")]
    [InlineData("metrics-state")]
    public void A_stored_sample_loads_and_every_field_of_it_is_written_again(string shape)
    {
        var sample = Read(shape);
        AssertHolds(JsonNode.Parse(Rewrite(shape, sample)), JsonNode.Parse(sample), shape);

        // What reads a shape must not write into what everybody shares.
        Assert.Equal(new TokenUsage(), TokenUsage.Unknown);
        Assert.Equal(new AgentBaseline().CostUsd, AgentBaseline.None.CostUsd);
    }

    [Fact]
    public void Every_event_of_an_agent_loads_and_is_written_again()
    {
        var samples = JsonNode.Parse(Read("agent-events"))!.AsArray();
        foreach (var sample in samples)
        {
            var known = JsonSerializer.Deserialize(sample!.ToJsonString(), AgentEventJson.Default.AgentEvent)!;
            AssertHolds(JsonNode.Parse(AgentEventJson.Write([known])), sample, (string)sample["type"]!);
        }

        var types = typeof(AgentEvent).GetCustomAttributes(false).OfType<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(type => (string)type.TypeDiscriminator!);
        Assert.Equal(types.Order(), samples.Select(sample => (string)sample!["type"]!).Order());
    }

    [Fact]
    public void The_engine_s_own_events_have_the_names_and_fields_that_readers_know()
    {
        var written = HistoryScenario.Play().GroupBy(item => (string)item["type"]!).ToDictionary(group => group.Key, group => group.SelectMany(item => item.Select(field => field.Key)).ToHashSet());
        foreach (var (type, fields) in JsonNode.Parse(Read("run-history"))!.AsObject())
        {
            Assert.True(written.TryGetValue(type, out var found), $"Nothing writes '{type}' any more.");
            Assert.All(fields!.AsArray(), field => Assert.True(found.Contains((string)field!), $"'{type}' is written without '{field}'."));
        }
    }

    [Theory]
    [InlineData("claude", "stream-json-snapshot")]
    [InlineData("command", "command-snapshot")]
    public void A_parser_goes_on_from_a_stored_snapshot(string agent, string shape)
    {
        var stored = Convert.FromBase64String(Read(shape).Trim());
        var parser = AgentCatalog.Shipped().Find(agent)!.CreateParser(AgentBaseline.None, stored, SnapshotScenario.Options);
        Assert.Equal(stored, parser.Snapshot());
        var fresh = SnapshotScenario.Play(agent);
        Assert.Equal(JsonSerializer.Serialize(fresh.Progress), JsonSerializer.Serialize(parser.Progress));
    }

    private string Rewrite(string shape, string json)
    {
        switch (shape)
        {
            case "run-spec":
                return RunSpec.FromJson(json).ToJson();
            case "run-details":
                return RunDetails.FromJson(json).ToJson();
            case "attempt-details":
                return JsonSerializer.Serialize(JsonSerializer.Deserialize(json, RunJson.Default.AttemptDetails), RunJson.Default.AttemptDetails);
            case "run-result":
                return JsonSerializer.Serialize(JsonSerializer.Deserialize(json, RunJson.Default.RunResult), RunJson.Default.RunResult);
            case "definition":
                return WorkflowDefinition.FromJson(json).ToJson();
            default:
                // As Orleans' grain storage does.
                var storage = silo.Services.GetRequiredService<IGrainStorageSerializer>();
                return storage.Serialize(storage.Deserialize<MetricsState>(new BinaryData(json))).ToString();
        }
    }

    private static string Read(string shape) =>
        File.ReadAllText(Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Samples"), shape + ".*").Single(), Encoding.UTF8);

    private static void AssertHolds(JsonNode? written, JsonNode? sample, string path)
    {
        switch (sample)
        {
            case JsonObject map:
                foreach (var (name, value) in map)
                {
                    Assert.True((written as JsonObject)?.ContainsKey(name), $"{path}.{name} is not written any more.");
                    AssertHolds(written![name], value, $"{path}.{name}");
                }

                break;
            case JsonArray list:
                Assert.Equal(list.Count, (written as JsonArray)?.Count);
                for (var i = 0; i < list.Count; i++)
                {
                    AssertHolds(written![i], list[i], $"{path}[{i}]");
                }

                break;
            default:
                Assert.True(JsonNode.DeepEquals(written, sample), $"{path}: {sample?.ToJsonString()} became {written?.ToJsonString()}.");
                break;
        }
    }
}
