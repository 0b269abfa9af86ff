using CsCheck;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Tests.Workflows;

public sealed class SizesTests
{
    [Theory]
    [InlineData("2GB", 2L << 30)]
    [InlineData("2 GiB", 2L << 30)]
    [InlineData("1.5GB", 3L << 29)]
    [InlineData("512mb", 512L << 20)]
    [InlineData("64KB", 64L << 10)]
    [InlineData("1TB", 1L << 40)]
    [InlineData("123456", 123_456L)]
    [InlineData("0", 0L)]
    public void A_size_is_read_as_people_write_it(string text, long bytes)
    {
        Assert.True(Sizes.TryParse(text, out var read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("2G")]
    [InlineData("2  GB")]
    [InlineData("2GB ")]
    [InlineData("2GB\n")]
    [InlineData("1,5GB")]
    [InlineData("1.5")]
    [InlineData("1e3MB")]
    [InlineData("999999999999999TB")]
    [InlineData("1024TB")]
    public void What_is_no_size_is_refused(string text) => Assert.False(Sizes.TryParse(text, out _));

    [Fact]
    public void Whatever_is_told_as_text_is_read_again_as_nearly_the_same() => Gen.Long[0, (1L << 50) - 1].Sample(bytes =>
    {
        Assert.True(Sizes.TryParse(Sizes.Text(bytes).Replace(" bytes", ""), out var read));
        Assert.InRange(read, (long)(bytes * 0.99), (long)(bytes * 1.01) + 1);
    });
}
