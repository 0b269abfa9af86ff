using System.Globalization;

namespace Orleans.Workflows.Chaos.Checking.Reading;

/// <summary>What every process of an attempt carries in its environment: <c>ORLEANS_WORKFLOWS_RUN=&lt;run, 32 hex&gt;/&lt;attempt&gt;</c>.</summary>
internal static class RunMarker
{
    public const string Variable = "ORLEANS_WORKFLOWS_RUN";

    public static bool TryParse(string? value, out Guid run, out int attempt)
    {
        (run, attempt) = (default, 0);
        return value?.Split('/') is [var id, var number]
            && Guid.TryParseExact(id, "N", out run)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out attempt);
    }
}
