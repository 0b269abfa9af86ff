using System.Globalization;
using Orleans.Workflows.Ledger.Reading;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Ledger.Sql;

/// <summary>
/// Turns a <see cref="RunQuery"/> into SQL. Acceptance order is the order of ids (UUIDv7), so the usual page walks the
/// primary key and needs no index of its own.
/// </summary>
internal sealed class RunList(RunQuery query, SqlDialect dialect)
{
    private readonly List<string> _filters = [];
    private readonly List<(string Name, object? Value)> _parameters = [];

    /// <exception cref="ArgumentException">Limit, sort or cursor is wrong.</exception>
    public async Task<RunPage> ReadAsync(SqlSession session, CancellationToken cancellationToken)
    {
        if (query.Limit is < 1 or > 500)
        {
            throw new ArgumentException($"The limit is {query.Limit}; it must be from 1 to 500.");
        }

        var cursor = query.Cursor is null ? null : RunCursor.Read(query);
        AddFilters();
        var total = query.WithTotal
            ? await session.FirstAsync($"select count(*) from runs{Where()}", row => (long?)row.Long(), cancellationToken, _parameters.ToArray())
            : null;

        var value = SortValue();
        AddCursor(cursor, value);
        var direction = query.Descending ? "desc" : "asc";
        var order = value == "null" ? $"id {direction}" : $"({value} is null), {value} {direction}, id {direction}";
        var rows = await session.QueryAsync(
            $"select {RowReaders.RunColumns}, {value} as sort_value from runs{Where()} order by {order} limit {query.Limit + 1}",
            row => (Run: RowReaders.Run(row), Value: row.DoubleOrNull()), cancellationToken, _parameters.ToArray());

        var next = rows.Count > query.Limit ? new RunCursor(rows[query.Limit - 1].Value, rows[query.Limit - 1].Run.Id).Write(query) : null;
        return new RunPage([.. rows.Take(query.Limit).Select(row => row.Run)], total, next);
    }

    private string SortValue() => query.Sort switch
    {
        RunSort.Created => "null",
        RunSort.Duration => "cast(duration_us as double precision)",
        RunSort.Cost => dialect.MoneyAsNumber("cost_usd"),
        _ => throw new ArgumentException($"There is no sort {query.Sort}."),
    };

    private string Where() => _filters.Count == 0 ? "" : " where " + string.Join(" and ", _filters);

    private void AddFilters()
    {
        if (query.Statuses is { Count: > 0 } statuses)
        {
            _filters.Add($"status in ({string.Join(", ", statuses.Select(status => $"'{RunStatuses.NameOf(status)}'"))})");
        }

        Add("workflow", "=", query.Workflow);
        Add("queue", "=", query.Queue);
        Add("caller", "=", query.Caller);
        Add("session_id", "=", query.SessionId);
        Add("branch", "=", query.Branch);
        Add("reason_code", "=", query.ReasonCode);
        Add("node", "=", query.Node);
        if (query.Leaked is { } leaked)
        {
            _filters.Add($"{(leaked ? "" : "not ")}exists (select 1 from attempts a where a.run_id = runs.id and a.ended_at is null and a.leaked)");
        }

        Add("created_at", ">=", query.CreatedFrom);
        Add("created_at", "<", query.CreatedTo);
        Add("id", ">", query.After?.Value);
        foreach (var (name, value) in query.Labels ?? new Dictionary<string, string>())
        {
            _filters.Add($"exists (select 1 from run_labels l where l.name = {Parameter(name)} and l.value = {Parameter(value)} and l.run_id = runs.id)");
        }
    }

    private void Add(string column, string comparison, object? value)
    {
        if (value is not null)
        {
            _filters.Add($"{column} {comparison} {Parameter(value)}");
        }
    }

    private void AddCursor(RunCursor? cursor, string value)
    {
        if (cursor is null)
        {
            return;
        }

        var after = query.Descending ? "<" : ">";
        var id = Parameter(cursor.Run.Value);
        if (value == "null")
        {
            _filters.Add($"id {after} {id}");
        }
        else if (cursor.Value is { } last)
        {
            var bound = Parameter(last);
            _filters.Add($"({value} {after} {bound} or ({value} = {bound} and id {after} {id}) or {value} is null)");
        }
        else
        {
            _filters.Add($"({value} is null and id {after} {id})");
        }
    }

    private string Parameter(object value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"@p{_parameters.Count}");
        _parameters.Add((name, value));
        return name;
    }
}
