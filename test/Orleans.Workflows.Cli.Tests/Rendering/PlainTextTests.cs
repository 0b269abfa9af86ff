using CsCheck;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Tests.Rendering;

public sealed class PlainTextTests
{
    [Fact]
    public void No_control_character_of_a_text_reaches_the_terminal() =>
        Gen.String[Gen.Char].Sample(text =>
        {
            Assert.DoesNotContain(PlainText.Clean(text), c => char.IsControl(c) && c is not ('\n' or '\t'));
            Assert.DoesNotContain(PlainText.Line(text), char.IsControl);
        });

    [Fact]
    public void An_escape_sequence_is_shown_instead_of_obeyed() =>
        Assert.Equal("␛[2J␇", PlainText.Line("\u001b[2J\u0007"));

    [Theory]
    [InlineData("abcdef", 4, "abc…")]
    [InlineData("abcd", 4, "abcd")]
    [InlineData(null, 4, "")]
    public void A_long_line_is_cut(string? text, int limit, string expected) => Assert.Equal(expected, PlainText.Line(text, limit));
}
