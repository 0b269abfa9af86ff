using NJsonSchema;

namespace Orleans.Workflows.Workflows;

/// <summary>Looks through a schema without following it for ever, as resolving, validating and completing would.</summary>
internal static class SchemaWalk
{
    /// <summary>The schema and every one in it or referred to, each once.</summary>
    public static IReadOnlyCollection<JsonSchema> All(JsonSchema root)
    {
        var found = new HashSet<JsonSchema>();
        var open = new Stack<JsonSchema>([root]);
        while (open.TryPop(out var schema))
        {
            if (found.Add(schema))
            {
                foreach (var next in OfTheSameValue(schema).Concat(OfItsParts(schema)))
                {
                    open.Push(next);
                }
            }
        }
        return found;
    }

    /// <summary>Whether a schema leads back to itself with no part of the input in between, so that whoever follows it never returns.</summary>
    public static bool HasEndlessReference(IReadOnlyCollection<JsonSchema> all)
    {
        var remaining = all.ToDictionary(schema => schema, schema => OfTheSameValue(schema).Distinct().ToList());
        // Whatever only leads to what ends, ends; what is left over leads in a circle.
        for (var before = -1; remaining.Count != before;)
        {
            before = remaining.Count;
            foreach (var (schema, _) in remaining.Where(pair => pair.Value.TrueForAll(next => !remaining.ContainsKey(next))).ToList())
            {
                remaining.Remove(schema);
            }
        }
        return remaining.Count > 0;
    }

    private static IEnumerable<JsonSchema> OfTheSameValue(JsonSchema schema) =>
        schema.AllOf.Concat(schema.AnyOf).Concat(schema.OneOf).Concat(Each(schema.Reference, schema.Not));

    private static IEnumerable<JsonSchema> OfItsParts(JsonSchema schema) =>
        schema.Properties.Values.Concat(schema.PatternProperties.Values).Concat(schema.Items).Concat(schema.Definitions.Values)
            .Concat(Each(schema.Item, schema.AdditionalItemsSchema, schema.AdditionalPropertiesSchema, schema.DictionaryKey));

    private static IEnumerable<JsonSchema> Each(params JsonSchema?[] schemas) => schemas.OfType<JsonSchema>();
}
