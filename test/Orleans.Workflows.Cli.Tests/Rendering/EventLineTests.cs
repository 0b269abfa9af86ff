using System.Text.Json;
using CsCheck;
using Orleans.Workflows.Cli.Rendering;

namespace Orleans.Workflows.Cli.Tests.Rendering;

public sealed class EventLineTests
{
    [Theory]
    [InlineData("""{"seq":1,"at":"2026-11-22T21:00:00.25Z","type":"tool_started","id":"toolu_1","name":"Bash","input":"{\"command\":\"ls\"}"}""", "21:00:00.250  tool_started  Bash  {\"command\":\"ls\"}")]
    [InlineData("""{"seq":2,"type":"ended","status":"Failed","reason":"max_turns","text":"Too many turns."}""", "ended  Failed  max_turns  Too many turns.")]
    [InlineData("""{"type":"of_tomorrow","colour":"blue","isError":false,"n":3}""", "of_tomorrow  colour=blue  n=3")]
    [InlineData("""{"type":"agent_message","text":"a\nb\u001b[31m"}""", "agent_message  a b␛[31m")]
    [InlineData("[1]", "[1]")]
    [InlineData("{}", "event")]
    public void An_event_is_one_line(string json, string expected) => Assert.Equal(expected, Render(json));

    [Fact]
    public void No_event_breaks_its_line() =>
        Gen.Dictionary(Gen.OneOf(Gen.String, Gen.Const("type"), Gen.Const("at"), Gen.Const("text")), Gen.String).Sample(fields =>
            Assert.DoesNotContain(Render(JsonSerializer.Serialize(fields)), char.IsControl));

    private static string Render(string json)
    {
        using var document = JsonDocument.Parse(json);
        return EventLine.Render(document.RootElement);
    }
}
