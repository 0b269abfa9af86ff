namespace Orleans.Workflows.Cli.Tests.Commands;

public sealed class UsageTests
{
    [Theory]
    [InlineData("frobnicate")]
    [InlineData("show")]
    [InlineData("show", "a", "b")]
    [InlineData("show", "not-an-id")]
    [InlineData("show", "../../queues")]
    [InlineData("show", "00000000-0000-0000-0000-000000000000")]
    [InlineData("list", "-o", "xml")]
    [InlineData("list", "--limit", "0")]
    [InlineData("list", "--server", "nonsense")]
    [InlineData("list", "--server", "ftp://127.0.0.1")]
    [InlineData("start", "one", "two")]
    [InlineData("start", "demo", "--max-turns", "0")]
    [InlineData("start", "demo", "--max-turns", "many")]
    [InlineData("start", "demo", "--timeout", "soon")]
    [InlineData("start", "demo", "--label", "novalue")]
    [InlineData("start", "demo", "--input", "{")]
    [InlineData("start", "demo", "--input", "@no-such-file.json")]
    [InlineData("start", "demo", "--input", "@")]
    [InlineData("start", "demo", "--input", "")]
    [InlineData("start", "demo", "--repository", "")]
    [InlineData("start", "demo", "--directory", "")]
    [InlineData("queues", "fast")]
    [InlineData("queues", "--limit", "3")]
    [InlineData("queues", "fast", "--limit", "-1")]
    [InlineData("nodes", "lost")]
    [InlineData("nodes", "lost", "n1", "--yes")]
    [InlineData("nodes", "found", "n1")]
    [InlineData("demo", "--runs", "0")]
    [InlineData("demo", "--limit", "x")]
    [InlineData("replay", "no-such-file")]
    [InlineData("replay", "-", "--agent", "nobody")]
    public async Task Wrong_usage_is_2_with_what_is_wrong_and_what_to_do(params string[] args)
    {
        var terminal = new TestTerminal();

        Assert.Equal(2, await terminal.RunAsync(args));
        Assert.StartsWith("error: ", terminal.Error, StringComparison.Ordinal);
        Assert.Contains("remedy: ", terminal.Error, StringComparison.Ordinal);
        Assert.Empty(terminal.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("start", "--help")]
    [InlineData("kill", "--help")]
    public async Task Help_is_on_stdout_and_0(params string[] args)
    {
        var terminal = new TestTerminal();

        Assert.Equal(0, await terminal.RunAsync(args));
        Assert.Contains("Usage:", terminal.Output, StringComparison.Ordinal);
        Assert.Empty(terminal.Error);
    }

    [Fact]
    public async Task The_help_tells_the_exit_codes()
    {
        var terminal = new TestTerminal();

        await terminal.RunAsync(["--help"]);

        Assert.Contains("130 interrupted", terminal.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }
}
