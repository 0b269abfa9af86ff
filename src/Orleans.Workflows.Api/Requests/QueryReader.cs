using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Workflows.Loading;

namespace Orleans.Workflows.Api.Requests;

/// <summary>Reads query parameters strictly and keeps the first fault: read all, then look at <see cref="Failure"/>.</summary>
internal sealed class QueryReader(HttpRequest request)
{
    private const int TextLimit = 512;
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
    private readonly IQueryCollection _query = request.Query;

    public Failure? Failure { get; private set; }

    /// <summary>The first parameter that is none of the known ones, as a failure; null if there is none.</summary>
    public static Failure? FindUnknown(HttpRequest request, string[] known) =>
        request.QueryString.HasValue && request.Query.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown ? Unknown(unknown, known) : null;

    public void Refuse(Failure failure) => Failure ??= failure;

    public bool Has(string name) => _query.ContainsKey(name);

    public string? Text(string name)
    {
        var values = All(name);
        if (values.Count > 1)
        {
            Refuse(Failure.Invalid(name, $"'{name}' is there {values.Count} times.", "Send it once."));
        }

        return values.Count == 0 ? null : values[0];
    }

    /// <summary>Every value of a parameter that may be repeated.</summary>
    public StringValues All(string name)
    {
        if (!_query.TryGetValue(name, out var values))
        {
            return StringValues.Empty;
        }

        foreach (var value in values)
        {
            if (string.IsNullOrEmpty(value) || value.Length > TextLimit || value.Contains('\0', StringComparison.Ordinal) || value.Contains('\uFFFD', StringComparison.Ordinal))
            {
                Refuse(Failure.Invalid(name, $"'{name}' is empty, longer than {TextLimit} characters, or not UTF-8 without U+0000.", "Correct it, or leave it out."));
                return StringValues.Empty;
            }
        }

        return values;
    }

    public long? Integer(string name, long from, long to)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to)
        {
            return value;
        }

        Refuse(Failure.Invalid(name, $"'{name}' is not a whole number from {from} to {to}.", $"Choose one from {from} to {to}, or leave it out."));
        return null;
    }

    public bool? Flag(string name) => Text(name) switch
    {
        null => null,
        "true" or "1" => true,
        "false" or "0" => false,
        _ => Wrong<bool>(name, "neither true nor false", "Use true or false."),
    };

    public Guid? Uuid(string name) => Text(name) switch
    {
        null => null,
        var text when Guid.TryParse(text, out var value) => value,
        _ => Wrong<Guid>(name, "no UUID", "Use a UUID, like 0199c0de-0000-7000-8000-000000000000."),
    };

    /// <summary>RFC 3339 alone: other ways to write a time mean different ones to different readers.</summary>
    public DateTimeOffset? Time(string name) => Text(name) switch
    {
        null => null,
        var text when HasOffset(text) && DateTimeOffset.TryParseExact(text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var value) => value,
        _ => Wrong<DateTimeOffset>(name, "no time", "Use RFC 3339, like 2026-01-31T08:00:00Z; write the '+' of an offset as %2B."),
    };

    /// <summary>One of the names, whatever their case.</summary>
    public T? Choice<T>(string name, params ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return Pick(name, text, choices);
    }

    /// <summary>Any of the names, repeated or separated by commas.</summary>
    public IReadOnlyList<T> Choices<T>(string name, params ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        var values = All(name);
        if (values.Count == 0)
        {
            return [];
        }

        var picked = new List<T>();
        foreach (var text in values.SelectMany(value => value!.Split(',')))
        {
            if (Pick(name, text, choices) is { } value)
            {
                picked.Add(value);
            }
        }

        return picked;
    }

    private static bool HasOffset(string text) => text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');

    private T? Pick<T>(string name, string text, ReadOnlySpan<(string Name, T Value)> choices)
        where T : struct
    {
        foreach (var choice in choices)
        {
            if (string.Equals(choice.Name, text, StringComparison.OrdinalIgnoreCase))
            {
                return choice.Value;
            }
        }

        var names = choices.ToArray().Select(choice => choice.Name).ToArray();
        var meant = text.Length <= 64 ? Suggestion.For(text, names) : null;
        Refuse(Failure.Invalid(name, $"'{name}' has a value that is none of its choices.", $"{(meant is null ? "" : $"Did you mean '{meant}'? ")}Use one of: {string.Join(", ", names)}."));
        return null;
    }

    private T? Wrong<T>(string name, string what, string remedy)
        where T : struct
    {
        Refuse(Failure.Invalid(name, $"'{name}' is {what}.", remedy));
        return null;
    }

    private static Failure Unknown(string name, string[] known)
    {
        var shown = name.Length <= 64 ? name : name[..64] + "…";
        var meant = name.Length <= 64 ? Suggestion.For(name, known) : null;
        return Failure.Invalid(shown, $"There is no parameter '{shown}'.", $"{(meant is null ? "" : $"Did you mean '{meant}'? ")}{(known.Length == 0 ? "This resource has none." : $"The parameters are: {string.Join(", ", known)}.")}")
            with { Code = "unknown_parameter" };
    }
}
