using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Reading;

/// <param name="Total">Runs that fit the filters, or null when not asked for.</param>
/// <param name="Next">The cursor of the next page, or null.</param>
public sealed record RunPage(IReadOnlyList<RunRow> Runs, long? Total, string? Next);
