using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;

namespace Orleans.Workflows.Workflows;

/// <summary>Validates one input; each pattern is tried with a limit of time before the validator uses it without.</summary>
internal sealed class BoundedValidator(SchemaPatterns patterns) : JsonSchemaValidator
{
    protected override ICollection<ValidationError> Validate(JToken token, JsonSchema schema, SchemaType schemaType, string? propertyName, string propertyPath)
    {
        var actual = schema.ActualSchema;
        if (token.Type == JTokenType.String && actual.Pattern is { Length: > 0 } pattern)
        {
            patterns.Try(pattern, token.Value<string>()!);
        }
        if (token is JObject map)
        {
            foreach (var (name, known) in map.Properties().SelectMany(property => actual.PatternProperties.Keys.Select(known => (property.Name, known))))
            {
                patterns.Try(known, name);
            }
        }
        return base.Validate(token, schema, schemaType, propertyName, propertyPath);
    }
}
