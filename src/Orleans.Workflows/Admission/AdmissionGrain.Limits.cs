using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Failures;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Admission;

/// <summary>Changes of limits: durable first, then they hold.</summary>
internal sealed partial class AdmissionGrain
{
    public Task<IReadOnlyList<LimitInfo>> GetLimitsAsync() => Task.FromResult(Index.Limits);

    public async Task<LimitResult> PutLimitAsync(LimitOrder order)
    {
        var rows = await ledger.ReadRulesAsync(RuleKind.Limit);
        var row = rows.FirstOrDefault(row => row.Name == order.Name);
        var rule = order.Spec is null ? null : LimitRule.Of(order.Name, order.Spec);
        if (rule is null && row?.Rule is null)
        {
            return new(null, Failure.NotFound($"There is no limit '{order.Name}'.", "List the limits to find its name.") with { Code = "limit_not_found", Field = "name" });
        }

        if (rule is not null && LimitRows.Rules(rows).FirstOrDefault(other => other.Hides(rule)) is { } other)
        {
            return new(null, Failure.Conflict("limit_exists", $"Limit '{other.Name}' is about the same.", $"Change or remove '{other.Name}', or choose another key.") with { Field = "key" });
        }

        // Before it is durable: a limit that can't be counted is not put.
        var spent = rule is { IsOnUsage: true } ? await _sync.ReadSpentAsync() : null;
        var change = LimitRows.Row(order, (row?.Version ?? 0) + 1, time.GetUtcNow());
        if (change.Rule != row?.Rule && !await ledger.PutRuleAsync(RuleKind.Limit, change))
        {
            return new(null, Failure.Unavailable("Another silo changed the limit at the same moment.", TimeSpan.FromSeconds(1)));
        }

        var before = Index.FindRule(order.Name) is { } last ? Index.Describe(last) : null;
        var told = (Index.MayRefuse, Index.CountsUsage);
        _sync.Change(order.Name, rule);
        if (spent is not null)
        {
            // And once more: what ended since, nobody counted yet.
            _sync.SetSpent(spent);
            _sync.SetSpent(await _sync.ReadSpentAsync());
        }

        Serve();
        SetDueClock();
        if (told != (Index.MayRefuse, Index.CountsUsage))
        {
            AnswerAll();
        }

        return new(rule is null ? before : Index.Describe(rule)) { Created = rule is not null && row?.Rule is null };
    }
}
