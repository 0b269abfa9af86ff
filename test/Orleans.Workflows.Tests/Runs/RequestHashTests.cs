using System.Text.Json;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Runs;

public sealed class RequestHashTests
{
    [Theory]
    [InlineData("""{"workflow":"demo","labels":{"a":"1","b":"2"},"input":{"x":[1,{"p":1,"q":2}],"y":null}}""", true)]
    [InlineData("""{"input":{"y":null,"x":[1,{"q":2,"p":1}]},"labels":{"b":"2","a":"1"},"workflow":"demo"}""", true)]
    [InlineData("""{"workflow":"demo","labels":{"a":"2","b":"1"},"input":{"x":[1,{"p":1,"q":2}],"y":null}}""", false)]
    [InlineData("""{"workflow":"demo","labels":{"a":"1","b":"2"},"input":{"x":[{"p":1,"q":2},1],"y":null}}""", false)]
    public void The_order_of_names_means_nothing_and_all_else_does(string other, bool isSame)
    {
        var asked = Hash("""{"workflow":"demo","labels":{"a":"1","b":"2"},"input":{"x":[1,{"p":1,"q":2}],"y":null}}""");

        Assert.Equal(isSame, asked.SequenceEqual(Hash(other)));
    }

    [Fact]
    public void A_continuation_is_another_request()
    {
        var run = new RunId(Guid.NewGuid());
        Assert.NotEqual(Hash("""{"workflow":"demo"}"""), Hash("""{"workflow":"demo"}""", run));
    }

    private static byte[] Hash(string json, RunId? continued = null) =>
        RequestHash.Of(JsonSerializer.Deserialize(json, RequestJson.Default.StartRunRequest)!, continued);
}
