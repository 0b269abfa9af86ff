using System.Collections.Frozen;
using System.Reflection;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>A list of reason codes: a mistyped one would silently never match.</summary>
internal static class ReasonList
{
    private static readonly FrozenSet<string> Known = typeof(ReasonCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToFrozenSet();

    public static IReadOnlyList<string> Read(MapReader map, string field)
    {
        var codes = map.Texts(field);
        foreach (var code in codes.Where(code => !Known.Contains(code)))
        {
            map.Wrong<string>(field, map.Node(field)!, $"has no reason '{code}'", Suggestion.For(code, Known) is { } meant ? $"Did you mean '{meant}'?" : $"Use reasons such as {ReasonCodes.RateLimited} or {ReasonCodes.Overloaded}.");
        }
        return codes;
    }
}
