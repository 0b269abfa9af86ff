using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Workflows;

/// <summary>A compiled JSON schema of a workflow's input. Thread-safe.</summary>
public sealed class InputSchema
{
    private const int ErrorsShown = 20;
    private readonly JsonSchema _schema;
    private readonly SchemaPatterns _patterns;

    private InputSchema(JsonSchema schema, SchemaPatterns patterns) => (_schema, _patterns) = (schema, patterns);

    /// <summary>Compiles; on failure null and a sentence. A reference out of the document is refused: nothing is fetched.</summary>
    internal static InputSchema? Parse(string json, out string? error)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject document)
            {
                error = "is not a JSON object";
                return null;
            }
            if (ForeignReference(document) is { } reference)
            {
                error = $"refers to '{reference}', which is outside of it; only '#/…' is followed";
                return null;
            }
            // Completes at once: only foreign references, refused above, would make it wait.
            var schema = JsonSchema.FromJsonAsync(json).GetAwaiter().GetResult();
            var all = SchemaWalk.All(schema);
            if (SchemaWalk.HasEndlessReference(all))
            {
                error = "refers to itself in a circle; a reference must lead to a part of the input";
                return null;
            }
            if (SchemaPatterns.Compile(all, out error) is not { } patterns)
            {
                return null;
            }
            if (!new SchemaDefaults().Fill([], schema))
            {
                error = "has defaults that contain each other without an end, or too many of them";
                return null;
            }
            if (schema.Type is not (JsonObjectType.None or JsonObjectType.Object))
            {
                error = "does not describe an object; its type must be 'object'";
                return null;
            }
            error = null;
            return new InputSchema(schema, patterns);
        }
        catch (Exception e)
        {
            error = $"is not a JSON schema: {e.Message}";
            return null;
        }
    }

    /// <summary>
    /// Reads and validates; what the request says beside the input and the defaults are filled in first. All errors are
    /// listed, the first one's field is the failure's.
    /// </summary>
    /// <param name="json">The input, or null.</param>
    /// <param name="beside">The request's own fields by name; each fills the property of its name, if the schema has one.</param>
    public InputResult Validate(string? json, IReadOnlyDictionary<string, string>? beside = null)
    {
        var result = WorkflowInput.Read(json);
        if (result.Value is not { } value)
        {
            return result;
        }
        foreach (var (field, text) in beside ?? new Dictionary<string, string>())
        {
            if (!_schema.ActualSchema.ActualProperties.ContainsKey(field))
            {
                continue;
            }
            if (value[field] is { } given && !(given.GetValueKind() == JsonValueKind.String && given.GetValue<string>() == text))
            {
                return InputResult.Refused(Failure.Invalid(field, $"'{field}' is '{text}' in the request and {given.ToJsonString(WorkflowInput.Json)} in its input.", $"Give it once: as '{field}' or as 'input.{field}'."));
            }
            value[field] = text;
        }
        if (!new SchemaDefaults().Fill(value, _schema))
        {
            return InputResult.Refused(Failure.Invalid("input", "The defaults that the workflow's input schema adds to this input have no end.", "Give the fields that they would fill in, or have the schema corrected."));
        }
        try
        {
            using var reader = new JsonTextReader(new StringReader(value.ToJsonString())) { DateParseHandling = DateParseHandling.None, MaxDepth = WorkflowInput.DepthLimit + 1 };
            var errors = new BoundedValidator(_patterns).Validate(JToken.ReadFrom(reader), _schema).SelectMany(Leaves).ToList();
            return errors.Count == 0 ? result : InputResult.Refused(Describe(errors));
        }
        catch (RegexMatchTimeoutException e)
        {
            return InputResult.Refused(Failure.Invalid("input", $"The input takes too long to match against the pattern {e.Pattern}.", "Shorten the text that it is for, or have the pattern made simpler."));
        }
        catch (Exception e) when (e is Newtonsoft.Json.JsonException or OverflowException or FormatException or InvalidCastException)
        {
            // Numbers of hundreds of digits are JSON, and nothing can compute with them.
            return InputResult.Refused(Failure.Invalid("input", $"The input can't be read: {e.Message}", "Give numbers of at most 28 digits; send others as text."));
        }
    }

    /// <summary>What the schema says of a placeholder's path such as <c>input.a.b</c>.</summary>
    internal PlaceholderFit Fit(string path)
    {
        var schema = _schema;
        foreach (var part in path.Split('.').Skip(1))
        {
            schema = schema.ActualSchema;
            if (schema.ActualProperties.TryGetValue(part, out var property))
            {
                schema = property;
            }
            else if (schema.AllOf.Count + schema.AnyOf.Count + schema.OneOf.Count > 0)
            {
                return PlaceholderFit.Undecided;
            }
            else
            {
                var isOpen = schema.Type is JsonObjectType.None || (schema.Type.HasFlag(JsonObjectType.Object) && schema.AllowAdditionalProperties);
                return isOpen ? PlaceholderFit.Undecided : PlaceholderFit.Unknown;
            }
        }
        return PlaceholderFit.Known;
    }

    private static IEnumerable<ValidationError> Leaves(ValidationError error)
    {
        var children = error is ChildSchemaValidationError nested ? nested.Errors.Values.SelectMany(list => list).SelectMany(Leaves).ToList() : [];
        return children.Count > 0 ? children : [error];
    }

    private static Failure Describe(List<ValidationError> errors)
    {
        var sentences = errors.Take(ErrorsShown).Select(error => $"{Field(error)} {Sentence(error)}.").Distinct();
        var more = errors.Count > ErrorsShown ? $" And {errors.Count - ErrorsShown} more." : "";
        return Failure.Invalid(Field(errors[0]), string.Join(" ", sentences) + more, Remedy(errors[0]));
    }

    private static string Field(ValidationError error)
    {
        var path = (error.Path ?? "").TrimStart('#').Replace('/', '.').Trim('.');
        return path.Length == 0 ? "input" : $"input.{path}";
    }

    private static string Sentence(ValidationError error) => error.Kind switch
    {
        ValidationErrorKind.PropertyRequired => "is required",
        ValidationErrorKind.NoAdditionalPropertiesAllowed => "is not an input of this workflow",
        ValidationErrorKind.StringExpected => "must be a string",
        ValidationErrorKind.IntegerExpected => "must be an integer",
        ValidationErrorKind.NumberExpected => "must be a number",
        ValidationErrorKind.BooleanExpected => "must be true or false",
        ValidationErrorKind.ObjectExpected => "must be an object",
        ValidationErrorKind.ArrayExpected => "must be an array",
        ValidationErrorKind.NotInEnumeration => $"must be one of {string.Join(", ", error.Schema.ActualSchema.Enumeration)}",
        ValidationErrorKind.StringTooShort => $"must have at least {error.Schema.ActualSchema.MinLength} characters",
        ValidationErrorKind.StringTooLong => $"must have at most {error.Schema.ActualSchema.MaxLength} characters",
        ValidationErrorKind.NumberTooSmall or ValidationErrorKind.IntegerTooBig or ValidationErrorKind.NumberTooBig => $"must be between {error.Schema.ActualSchema.Minimum?.ToString() ?? "any"} and {error.Schema.ActualSchema.Maximum?.ToString() ?? "any"}",
        ValidationErrorKind.PatternMismatch => $"must match {error.Schema.ActualSchema.Pattern}",
        var kind => $"does not fit the schema ({kind})",
    };

    private static string Remedy(ValidationError error) => error.Kind switch
    {
        ValidationErrorKind.NoAdditionalPropertiesAllowed when error.Schema.ActualSchema.ActualProperties.Count > 0 => $"Use one of: {string.Join(", ", error.Schema.ActualSchema.ActualProperties.Keys)}.",
        ValidationErrorKind.PropertyRequired => $"Add {Field(error)} to the request.",
        _ => "Correct the input; the workflow's input schema says what it takes.",
    };

    private static string? ForeignReference(JsonNode? node) => node switch
    {
        JsonObject map => map.Select(pair => pair.Key == "$ref" && pair.Value is JsonValue value && value.TryGetValue<string>(out var target) && !target.StartsWith('#') ? target : ForeignReference(pair.Value)).FirstOrDefault(found => found is not null),
        JsonArray list => list.Select(ForeignReference).FirstOrDefault(found => found is not null),
        _ => null,
    };
}
