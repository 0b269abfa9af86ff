using CsCheck;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Abstractions.Tests.Usage;

public sealed class TokenUsageTests
{
    private static readonly Gen<long?> Tokens = Gen.Long[0, 1_000_000_000].Nullable();

    private static readonly Gen<TokenUsage> Any = Gen.Select(Tokens, Tokens, Tokens, Tokens, Gen.Int[0, 1_000_000].Nullable(), (input, output, read, creation, cost) => new TokenUsage
    {
        InputTokens = input,
        OutputTokens = output,
        CacheReadTokens = read,
        CacheCreationTokens = creation,
        CostUsd = cost / 10_000m,
    });

    [Fact]
    public void Unknown_adds_nothing() => Any.Sample(usage =>
    {
        Assert.Equal(usage, usage.Add(TokenUsage.Unknown));
        Assert.Equal(usage, TokenUsage.Unknown.Add(usage));
    });

    [Fact]
    public void The_order_of_a_sum_does_not_matter() => Gen.Select(Any, Any, Any).Sample((a, b, c) =>
    {
        Assert.Equal(a.Add(b), b.Add(a));
        Assert.Equal(a.Add(b).Add(c), a.Add(b.Add(c)));
    });

    [Fact]
    public void A_sum_is_unknown_only_where_nothing_is_known() => Any.Array[0, 10].Sample(parts =>
    {
        var sum = parts.Aggregate(TokenUsage.Unknown, (total, part) => total.Add(part));
        Assert.Equal(Sum(part => part.InputTokens), sum.InputTokens);
        Assert.Equal(Sum(part => part.OutputTokens), sum.OutputTokens);
        Assert.Equal(Sum(part => part.CacheReadTokens), sum.CacheReadTokens);
        Assert.Equal(Sum(part => part.CacheCreationTokens), sum.CacheCreationTokens);
        Assert.Equal(parts.Any(part => part.CostUsd is not null) ? parts.Sum(part => part.CostUsd ?? 0) : null, sum.CostUsd);

        long? Sum(Func<TokenUsage, long?> of) => parts.Any(part => of(part) is not null) ? parts.Sum(part => of(part) ?? 0) : null;
    });

    [Fact]
    public void Zero_is_known() => Assert.Equal(0, TokenUsage.Unknown.Add(new() { InputTokens = 0 }).InputTokens);
}
