using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Workflows.Loading;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Says what is wrong with a body that was refused: which member, and what to write instead.</summary>
internal static class BodyFaults
{
    public static Failure Invalid(string field, string code, string message, string remedy) => Failure.Invalid(field, message, remedy) with { Code = code };

    public static Failure NotAnObject() => Invalid("body", "invalid_json", "The body is not a JSON object.", "Send one JSON object: {…}.");

    public static Failure Explain(ReadOnlySpan<byte> utf8, JsonTypeInfo type, JsonException refused)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return NotAnObject();
            }

            return Members(ref reader, type) ?? Syntax(utf8) ?? Other(refused);
        }
        catch (JsonException syntax)
        {
            return NotJson(syntax);
        }
    }

    /// <param name="reader">At the object's beginning.</param>
    /// <param name="type">What it must be.</param>
    /// <param name="path">Where it is: <c>spec.</c>, or nothing for the body.</param>
    internal static Failure? Members(ref Utf8JsonReader reader, JsonTypeInfo type, string path = "")
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Failure? first = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var member = type.Properties.FirstOrDefault(property => property.Name == name);
            first ??= !seen.Add(name) ? Doubled(path + name)
                : member is null ? Unknown(path, name, type)
                : BodyTypes.Check(reader, path + name, member);
            reader.Skip();
        }

        return first ?? type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)).Select(property => Missing(path + property.Name)).FirstOrDefault();
    }

    private static Failure? Syntax(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            // Reading to the end raises what is wrong behind the object.
        }

        return null;
    }

    private static Failure Unknown(string path, string name, JsonTypeInfo type)
    {
        var shown = name.Length <= 64 ? name : name[..64] + "…";
        var known = type.Properties.Select(property => property.Name).ToArray();
        var meant = name.Length <= 64 ? Suggestion.For(name, known) : null;
        return Invalid(path + shown, "unknown_field", $"There is no field '{path}{shown}'.", $"{(meant is null ? "" : $"Did you mean '{meant}'? ")}The fields are: {string.Join(", ", known)}.");
    }

    internal static Failure Doubled(string name) => Invalid(name, "duplicate_field", $"The field '{name}' is there more than once.", "Send it once.");

    private static Failure Missing(string name) => Invalid(name, "missing_field", $"The field '{name}' is missing.", "Add it.");

    private static Failure NotJson(JsonException syntax)
    {
        var end = syntax.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var what = end > 0 ? syntax.Message[..end] : "It can't be read.";
        return Invalid("body", "invalid_json", $"The body is not valid JSON (line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1}): {what}", "Send one well-formed JSON object, at most 64 levels deep.");
    }

    /// <summary>What the first look refused and the second can't name better than by its place.</summary>
    private static Failure Other(JsonException refused)
    {
        var path = refused.Path is ['$', '.', .. var inner] ? inner : "body";
        return refused.Message.Contains("uplicate", StringComparison.Ordinal)
            ? Doubled(path)
            : Invalid(path, "wrong_type", $"The value of '{path}' does not fit.", "See /openapi/v1.json for the request's shape.");
    }
}
