using System.Text.Json;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// Reads what <see cref="JsonText"/> wrote, on the silo's side only. Unknown fields are skipped and absent ones have their
/// default, so that either side may be newer.
/// </summary>
internal static class JsonFields
{
    /// <exception cref="JsonException">The bytes are not such a record.</exception>
    internal static T Read<T>(ReadOnlyMemory<byte> json, Func<JsonElement, T> read)
    {
        using var document = JsonDocument.Parse(json);
        try
        {
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"Not such a record: {exception.Message}", exception);
        }
    }

    internal static JsonElement Required(this JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) ? value : throw new JsonException($"The field {name} is missing.");

    internal static long? Number(this JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetInt64() : null;

    internal static bool Flag(this JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.GetBoolean();

    /// <summary>The value that <paramref name="nameOf"/> gives this field's name.</summary>
    internal static T? Named<T>(this JsonElement record, string name, Func<T, string> nameOf)
        where T : struct, Enum
    {
        if (!record.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null)
            return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (field.ValueEquals(nameOf(value)))
                return value;
        }

        throw new JsonException($"The field {name} has the unknown value {field}.");
    }
}
