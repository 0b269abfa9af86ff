using System.Diagnostics.CodeAnalysis;

namespace Orleans.Workflows.Runs;

/// <summary>The id of a run: a UUIDv7, so that ids sort by the time of acceptance. Key of <c>WorkflowGrain</c>.</summary>
[GenerateSerializer, Immutable, Alias("run-id")]
public readonly record struct RunId([property: Id(0)] Guid Value) : IComparable<RunId>, ISpanParsable<RunId>
{
    public static RunId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    public static RunId Parse(string s, IFormatProvider? provider = null) => new(Guid.Parse(s));

    public static RunId Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => new(Guid.Parse(s));

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RunId result) =>
        TryParse(s.AsSpan(), provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out RunId result)
    {
        var parsed = Guid.TryParse(s, out var value);
        result = new RunId(value);
        return parsed && value != Guid.Empty;
    }

    /// <summary>Orders as the databases do: by the bytes of the text form.</summary>
    public int CompareTo(RunId other) => Value.CompareTo(other.Value);

    /// <summary>The text form everywhere: lower case with dashes.</summary>
    public override string ToString() => Value.ToString("D");
}
