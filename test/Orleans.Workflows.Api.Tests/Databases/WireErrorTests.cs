using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Workflows.Api.Tests.Running;
using Orleans.Workflows.Ledger;

namespace Orleans.Workflows.Api.Tests.Databases;

[Collection(ServerCollection.Name)]
public sealed class WireErrorTests(ServerFixture server)
{
    /// <summary>Else a silo answers 500 where it should answer 503, for the run is another silo's.</summary>
    [Fact]
    public void An_unreachable_database_is_told_across_silos()
    {
        var serializer = server.Services.GetRequiredService<Serializer>();
        var sent = new LedgerUnavailableException("It is away.", new Npgsql.NpgsqlException("Connection reset."));
        var heard = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(sent));
        Assert.Equal("It is away.", Assert.IsType<LedgerUnavailableException>(heard).Message);
        Assert.Equal("Connection reset.", heard.InnerException!.Message);
    }
}
