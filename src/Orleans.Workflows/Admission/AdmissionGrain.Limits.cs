using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Failures;

namespace Orleans.Workflows.Admission;

/// <summary>Changes of limits: durable first, then they hold.</summary>
internal sealed partial class AdmissionGrain
{
    public Task<IReadOnlyList<LimitInfo>> GetLimitsAsync() => Task.FromResult(Index.Limits);

    public async Task<LimitResult> PutLimitAsync(LimitOrder order)
    {
        var rows = await ledger.ReadLimitsAsync();
        var row = rows.FirstOrDefault(row => row.Name == order.Name);
        var before = row is null ? null : LimitRows.Spec(row);
        var rule = order.Spec is null ? null : LimitRule.Of(order.Name, order.Spec);
        if (before is null && rule is null)
        {
            return new(null, Failure.NotFound($"There is no limit '{order.Name}'.", "List the limits to find its name.") with { Code = "limit_not_found", Field = "name" });
        }

        if (rule is not null && LimitRows.Rules(rows).FirstOrDefault(other => other.Hides(rule)) is { } other)
        {
            return new(null, Failure.Conflict("limit_exists", $"Limit '{other.Name}' is about the same.", $"Change or remove '{other.Name}', or choose another key.") with { Field = "key" });
        }

        if (before != order.Spec && !await ledger.PutLimitAsync(LimitRows.Row(order, (row?.Version ?? 0) + 1, time.GetUtcNow())))
        {
            return new(null, Failure.Unavailable("Another silo changed the limit at the same moment.", TimeSpan.FromSeconds(1)));
        }

        var last = rule is null ? Index.FindRule(order.Name) : null;
        var shown = last is null ? null : Index.Describe(last);
        _sync.Change(order.Name, rule);
        Serve();
        return new(rule is null ? shown : Index.Describe(rule)) { Created = before is null };
    }
}
