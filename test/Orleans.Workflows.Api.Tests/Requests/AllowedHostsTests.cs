using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Api.Requests;

namespace Orleans.Workflows.Api.Tests.Requests;

public sealed class AllowedHostsTests
{
    [Theory]
    [InlineData("localhost:8080", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:8080", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("runs.example.org:1", true)]
    [InlineData("proxy.example.org", true)]
    [InlineData("", true)]
    [InlineData("evil.example.com:8080", false)]
    [InlineData("localhost.evil.example.com", false)]
    [InlineData("127.0.0.1.evil.example.com", false)]
    [InlineData("example.org", false)]
    public void Only_its_own_names_and_addresses_are_the_services(string host, bool allowed) =>
        Assert.Equal(allowed, new AllowedHosts("http://127.0.0.1:8080;http://*:1;https://runs.example.org", " proxy.example.org ; other").Allows(new HostString(host)));

    [Fact]
    public void A_star_is_any_name() => Assert.True(new AllowedHosts("http://+:80", "*").Allows(new HostString("evil.example.com")));
}
