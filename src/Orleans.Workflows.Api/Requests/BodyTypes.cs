using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Runs;
using Orleans.Workflows.Schedules;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Whether a member's value has its type, told in JSON's words.</summary>
internal static class BodyTypes
{
    /// <param name="reader">A copy, at the value.</param>
    /// <param name="name">The member.</param>
    /// <param name="member">What it must be.</param>
    public static Failure? Check(Utf8JsonReader reader, string name, JsonPropertyInfo member)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return member.IsSetNullable || type != member.PropertyType ? null : Wrong(name, Expected(type), "null");
        }

        if (type == typeof(Dictionary<string, string>) || type == typeof(IReadOnlyDictionary<string, string>))
        {
            return CheckMap(reader, name);
        }

        if (type == typeof(List<string>) || type == typeof(string[]))
        {
            return CheckList(reader, name);
        }

        if (type == typeof(IReadOnlyList<RunStatus>))
        {
            return CheckStatuses(reader, name);
        }

        // A request in a request.
        if (type.IsClass && type != typeof(string) && member.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } inner)
        {
            return reader.TokenType == JsonTokenType.StartObject ? BodyFaults.Members(ref reader, inner, name + ".") : Wrong(name, "an object", Found(reader.TokenType));
        }

        return Fits(ref reader, type) ? null : Wrong(name, Expected(type), Found(reader.TokenType));
    }

    private static bool Fits(ref Utf8JsonReader reader, Type type) => (reader.TokenType, type) switch
    {
        (JsonTokenType.String, _) when type == typeof(string) => true,
        (JsonTokenType.String, _) when type == typeof(Guid) => reader.TryGetGuid(out _),
        (JsonTokenType.String, _) when type == typeof(RunId) => RunId.TryParse(reader.GetString(), null, out _),
        (JsonTokenType.Number, _) when type == typeof(int) => reader.TryGetInt32(out _),
        (JsonTokenType.Number, _) when type == typeof(long) => reader.TryGetInt64(out _),
        (JsonTokenType.String, _) when type == typeof(DateTimeOffset) => OffsetTimeConverter.TryRead(ref reader, out _),
        (JsonTokenType.String, _) when type.IsEnum => Enum.GetNames(type).Contains(reader.GetString(), StringComparer.OrdinalIgnoreCase),
        (JsonTokenType.Number, _) when type == typeof(double) => reader.TryGetDouble(out _),
        (JsonTokenType.Number, _) when type == typeof(decimal) => reader.TryGetDecimal(out _),
        (JsonTokenType.True or JsonTokenType.False, _) when type == typeof(bool) => true,
        _ => type == typeof(JsonElement),
    };

    private static Failure? CheckMap(Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Wrong(name, "an object of texts", Found(reader.TokenType));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            if (!seen.Add(key))
            {
                return BodyFaults.Doubled($"{name}.{key}");
            }

            reader.Read();
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            {
                return Wrong($"{name}.{key}", "a text", Found(reader.TokenType));
            }
        }

        return null;
    }

    private static Failure? CheckList(Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Wrong(name, "a list of texts", Found(reader.TokenType));
        }

        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
            {
                return Wrong($"{name}[{index}]", "a text", Found(reader.TokenType));
            }
        }

        return null;
    }

    private static Failure? CheckStatuses(Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return Wrong(name, "a list of statuses", Found(reader.TokenType));
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!Fits(ref reader, typeof(RunStatus)))
            {
                return Wrong(name, $"a list of {string.Join(", ", Enum.GetNames<RunStatus>())}", reader.TokenType == JsonTokenType.String ? "none of them" : Found(reader.TokenType));
            }
        }

        return null;
    }

    private static Failure Wrong(string name, string expected, string found) =>
        BodyFaults.Invalid(name, "wrong_type", $"'{name}' must be {expected}; it is {found}.", $"Send {expected}, or leave it out.");

    private static string Expected(Type type) =>
        type == typeof(int) ? "a whole number of at most 10 digits"
        : type == typeof(long) ? "a whole number"
        : type == typeof(DateTimeOffset) ? "a time with its offset, like 2026-01-31T08:00:00Z"
        : type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type))}"
        : type == typeof(double) || type == typeof(decimal) ? "a number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Guid) || type == typeof(RunId) ? "a UUID"
        : type == typeof(ScheduleSpec) || type == typeof(StartRunRequest) || type == typeof(RunFilter) ? "an object"
        : "a text";

    private static string Found(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a truth value",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => "null",
    };
}
