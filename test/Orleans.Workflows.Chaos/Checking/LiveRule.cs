namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A limit or a hold that was changed while runs came and went: at most so many agents of a key at once may start from then on.</summary>
/// <param name="Label">The runs' label; null: the hold is by tenant.</param>
/// <param name="Value">The label's value, or the tenant.</param>
/// <param name="Limit">At once; 0 is a hold.</param>
/// <param name="AskedAt">When it was asked for: from here on it may hold.</param>
/// <param name="AnsweredAt">When it was answered: from here on it must. Null: never, so it proves nothing.</param>
/// <param name="EndingAt">When its end was asked for: from here on it need not. Null: until the history was read.</param>
/// <param name="EndedAt">When its end was answered: from here on it may not. Null: until the history was read.</param>
internal sealed record LiveRule(string? Label, string Value, int Limit, DateTimeOffset AskedAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndingAt, DateTimeOffset? EndedAt)
{
    public bool IsAbout(LedgerRun run) => (Label is null ? run.Tenant : run.Labels.GetValueOrDefault(Label)) == Value;

    public override string ToString() => $"{Label ?? "tenant"} {Value}: {Limit}";
}
