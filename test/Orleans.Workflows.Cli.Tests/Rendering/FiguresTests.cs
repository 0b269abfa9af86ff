using Orleans.Workflows.Cli.Rendering;
using Orleans.Workflows.Usage;

namespace Orleans.Workflows.Cli.Tests.Rendering;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0L, "0 ms")]
    [InlineData(999L, "999 ms")]
    [InlineData(1_500L, "1.5 s")]
    [InlineData(61_000L, "1m 01s")]
    [InlineData(7_320_000L, "2h 02m")]
    [InlineData(-5L, "–")]
    [InlineData(long.MaxValue, "2562047788015h 12m")]
    public void A_time_reads_in_its_own_unit(long? milliseconds, string expected) => Assert.Equal(expected, Figures.Time(milliseconds));

    [Fact]
    public void What_is_unknown_is_a_dash_and_never_a_zero()
    {
        Assert.Equal("–", Figures.Cost(null));
        Assert.Equal("$0.0000", Figures.Cost(0));
        Assert.Equal("–", Figures.Tokens(TokenUsage.Unknown));
        Assert.Equal("1,200 / –", Figures.Tokens(new() { InputTokens = 1200 }));
        Assert.Equal("–/12", Figures.Turns(null, 12));
        Assert.Equal("3", Figures.Turns(3, null));
    }

    [Theory]
    [InlineData("0.0016", "$0.0016")]
    [InlineData("12.5", "$12.5000")]
    [InlineData("1234.5", "$1,234.50")]
    public void A_cost_is_in_dollars(string usd, string expected) => Assert.Equal(expected, Figures.Cost(decimal.Parse(usd)));
}
