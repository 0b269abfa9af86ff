using System.Diagnostics.CodeAnalysis;

namespace Orleans.Workflows.Admission.Limits;

/// <summary>The rules of one dimension and measure, of which the most specific one holds for a key. A look takes no longer with many keys named.</summary>
internal sealed class RuleGroup
{
    private readonly Dictionary<string, LimitRule> _exact = [];
    private List<LimitRule> _beginnings = [];

    public bool IsEmpty => _exact.Count == 0 && _beginnings.Count == 0;

    public void Put(LimitRule rule)
    {
        Remove(rule);
        if (!rule.IsExact)
        {
            _beginnings = [.. _beginnings.Append(rule).OrderByDescending(other => other.Specificity).ThenBy(other => other.IsSetting).ThenBy(other => other.Name, StringComparer.Ordinal)];
        }
        else if (!_exact.TryGetValue(rule.Key, out var other) || IsBefore(rule, other))
        {
            _exact[rule.Key] = rule;
        }
    }

    private static bool IsBefore(LimitRule rule, LimitRule other) =>
        rule.IsSetting != other.IsSetting ? other.IsSetting : string.CompareOrdinal(rule.Name, other.Name) < 0;

    public void Remove(LimitRule rule)
    {
        _beginnings.RemoveAll(other => other.Name == rule.Name);
        if (_exact.TryGetValue(rule.Key, out var same) && same.Name == rule.Name)
        {
            _exact.Remove(rule.Key);
        }
    }

    public bool TryFind(string key, [NotNullWhen(true)] out LimitRule? rule)
    {
        rule = _exact.GetValueOrDefault(key) ?? _beginnings.Find(beginning => beginning.Matches(key));
        return rule is not null;
    }
}
