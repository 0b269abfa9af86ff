using System.Text.Json.Nodes;
using Newtonsoft.Json;
using NJsonSchema;

namespace Orleans.Workflows.Workflows;

/// <summary>Fills a schema's defaults into one input. They are bounded: a default may bring in an object whose own defaults do the same again.</summary>
internal sealed class SchemaDefaults
{
    private const int Most = 10_000;
    private int _left = Most;

    /// <summary>False when they have no end; the input is then of no use.</summary>
    public bool Fill(JsonObject value, JsonSchema schema) => Fill(value, schema, WorkflowInput.DepthLimit);

    private bool Fill(JsonObject value, JsonSchema schema, int depth)
    {
        foreach (var (name, property) in schema.ActualSchema.ActualProperties)
        {
            if (!value.ContainsKey(name) && (property.Default ?? property.ActualSchema.Default) is { } standard)
            {
                if (--_left < 0)
                {
                    return false;
                }
                value[name] = JsonNode.Parse(JsonConvert.SerializeObject(standard));
            }
            if (value.TryGetPropertyValue(name, out var child) && child is JsonObject map && (depth == 0 || !Fill(map, property, depth - 1)))
            {
                return false;
            }
        }
        return true;
    }
}
