using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>Where a page ended: the last run's sort value and id, bound to the query that it belongs to.</summary>
internal sealed record RunCursor(double? Value, RunId Run)
{
    public string Write(RunQuery query) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"1|{Fingerprint(query)}|{Value:R}|{Run}")));

    /// <exception cref="ArgumentException">It is no cursor, or another query's.</exception>
    public static RunCursor Read(RunQuery query)
    {
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(query.Cursor)).Split('|');
            if (parts is ["1", var fingerprint, var value, var run] && RunId.TryParse(run, null, out var id))
            {
                return fingerprint == Fingerprint(query)
                    ? new RunCursor(value.Length == 0 ? null : double.Parse(value, CultureInfo.InvariantCulture), id)
                    : throw new ArgumentException("The cursor belongs to a query with other filters or another sort; start again without it.", nameof(query));
            }
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new ArgumentException("The cursor can't be read; use the one that the page before gave, unchanged.", nameof(query));
    }

    // Limit and total may change from page to page.
    private static string Fingerprint(RunQuery query)
    {
        var text = JsonSerializer.Serialize(new object?[]
        {
            (query.Statuses ?? []).Order(), query.Workflow, query.Queue, query.Caller, query.SessionId, query.Branch, query.ReasonCode,
            (query.Labels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal), query.CreatedFrom, query.CreatedTo, query.Sort, query.Descending, query.Node, query.Leaked,
        });
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
    }
}
