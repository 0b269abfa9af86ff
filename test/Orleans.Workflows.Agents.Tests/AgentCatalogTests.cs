using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Workflows.Agents.Tests;

public sealed class AgentCatalogTests
{
    [Fact]
    public void The_shipped_agents_are_registered_by_name()
    {
        using var services = new ServiceCollection().AddAgents().AddAgents().BuildServiceProvider();
        var catalog = services.GetRequiredService<AgentCatalog>();

        Assert.Equal(["claude", "command", "scripted"], catalog.Names);
        Assert.Null(catalog.Find("nope"));
    }
}
