using System.Text;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Nodes;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Tests.Execution;

public sealed class NodeClaimTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset StartedAt = Now.AddMinutes(-5).AddTicks(12_345);
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-claim-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_node_that_is_new_or_stopped_or_silent_or_was_here_is_taken()
    {
        var claim = new NodeClaim(_directory);
        Assert.True(claim.MayTake(null, "10.0.0.1:1", Now));
        Assert.True(claim.MayTake(Row(address: ""), "10.0.0.1:1", Now));
        Assert.True(claim.MayTake(Row() with { LeaseUntil = Now }, "10.0.0.1:1", Now));
        Assert.True(claim.MayTake(Row(address: "10.0.0.1:1"), "10.0.0.1:1", Now));
    }

    [Fact]
    public void A_node_that_is_alive_elsewhere_is_not() =>
        Assert.False(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));

    [Fact]
    public async Task A_server_that_was_killed_comes_back_at_once_at_another_address_too()
    {
        await WriteAsync(StartedAt, await GoneAsync());
        Assert.True(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
    }

    [Fact]
    public async Task It_does_so_though_its_first_successor_was_killed_before_it_said_a_word()
    {
        await WriteAsync(StartedAt, await GoneAsync());
        new NodeClaim(_directory).Write(Now, Row());
        Assert.True(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
        Assert.Equal(2, File.ReadAllLines(Path.Combine(_directory, "node-claim")).Length);
        new NodeClaim(_directory).Write(Now.AddSeconds(1), Row() with { StartedAt = Now });
        Assert.False(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
    }

    [Fact]
    public async Task A_copy_of_the_directory_claims_nothing_while_its_first_server_lives_or_after_it_started_again()
    {
        using var living = System.Diagnostics.Process.Start("sleep", ["600"]);
        await WriteAsync(StartedAt, ProcessIdentity.Of(living.Id)!);
        Assert.False(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
        living.Kill();
        await living.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
        Assert.False(new NodeClaim(_directory).MayTake(Row() with { StartedAt = Now }, "10.0.0.1:1", Now));
    }

    [Fact]
    public async Task Another_boot_may_be_another_machine()
    {
        await WriteAsync(StartedAt, await GoneAsync() with { BootId = "another" });
        Assert.False(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
    }

    [Fact]
    public async Task What_is_no_claim_claims_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "node-claim"), "\0\0\n\n1 x\n1 {}\n", TestContext.Current.CancellationToken);
        Assert.False(new NodeClaim(_directory).MayTake(Row(), "10.0.0.1:1", Now));
    }

    private static NodeRow Row(string address = "10.0.0.2:1") => new("n", address, 1, StartedAt.AddTicks(-(StartedAt.Ticks % 10)), Now.AddSeconds(60));

    private static async Task<ProcessRecord> GoneAsync()
    {
        using var gone = System.Diagnostics.Process.Start("sleep", ["600"]);
        var record = ProcessIdentity.Of(gone.Id)!;
        gone.Kill();
        await gone.WaitForExitAsync(TestContext.Current.CancellationToken);
        return record;
    }

    private Task WriteAsync(DateTimeOffset startedAt, ProcessRecord process) => File.WriteAllTextAsync(
        Path.Combine(_directory, "node-claim"),
        $"{startedAt.UtcTicks / 10} {Encoding.UTF8.GetString(ProcessRecordJson.Encode(process))}\n",
        TestContext.Current.CancellationToken);
}
