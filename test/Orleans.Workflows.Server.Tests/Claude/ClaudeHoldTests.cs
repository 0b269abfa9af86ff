using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Admission.Holds;
using Orleans.Workflows.Admission.Limits;
using Orleans.Workflows.Runs;
using Orleans.Workflows.TestKit.Claude;
using Orleans.Workflows.TestKit.ModelServer;
using Orleans.Workflows.TestKit.Servers;
using Orleans.Workflows.TestKit.Waiting;
using Orleans.Workflows.Workflows;

namespace Orleans.Workflows.Server.Tests.Claude;

/// <summary>What the real <c>claude</c> makes of a service that refuses, and what the others that need it make of that.</summary>
public sealed class ClaudeHoldTests(ScriptedModelServer model) : IClassFixture<ScriptedModelServer>
{
    private const string Never = """
        retry:
          maximumAttempts: 1
        options:
          maxRetries: 0
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_usage_limit_with_a_reset_time_holds_the_credential_s_runs_until_then_and_fails_none()
    {
        await using var server = await StartServerAsync();
        var reset = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 12);
        var script = model.Register(UsageLimit(reset) with { Times = 1 }, ModelStep.Says("done"));
        var (limited, other) = (await WorkflowAsync(server, script, "team"), await WorkflowAsync(server, model.Register(ModelStep.Says("free")), "spare"));
        var first = await StartAsync(server, limited);
        var hold = await WaitFor.Value(async _ => (await HoldsAsync(server)).SingleOrDefault(), () => $"nothing is held: {script}", TestTimeouts.Process, cancellationToken: Token);
        Assert.Equal((HoldSource.RateLimit, "credential 'team'", reset), (hold.Source, hold.Name, hold.Spec.Until));
        Assert.Contains("5-hour limit", hold.Spec.Reason, StringComparison.Ordinal);

        var (second, third, free) = (await StartAsync(server, limited), await StartAsync(server, limited), await StartAsync(server, other));
        var why = await WaitFor.Value(async _ => (await server.Grains.GetGrain<IAdmissionGrain>(0).ExplainAsync(third))?.Causes.FirstOrDefault(cause => cause.Kind == WaitCauseKind.Hold), () => "it is not held", cancellationToken: Token);
        Assert.StartsWith("the hold on credential 'team' until ", why.Text, StringComparison.Ordinal);
        var freed = await server.EndOfAsync(free);
        Assert.Equal(RunStatus.Completed, freed.Status);
        Assert.Single(script.Requests);

        foreach (var (run, attempts) in new[] { (first, 2), (second, 1), (third, 1) })
        {
            var end = await server.EndOfAsync(run);
            Assert.True(end.Status == RunStatus.Completed && end.Attempts == attempts, $"{end.Status} {end.Attempts} {end.Reason}");
            var last = (await server.Ledger.ReadAttemptsAsync(run, Token)).MaxBy(attempt => attempt.Number)!;
            Assert.True(last.ClaimedAt >= reset, $"{last.ClaimedAt:O} is before {reset:O}");
        }

        Assert.True(freed.EndedAt < reset, "The other credential's run did not wait.");
        Assert.Empty(await HoldsAsync(server));
    }

    [Fact]
    public async Task An_overloaded_model_opens_its_circuit_and_one_run_at_a_time_finds_out_when_it_answers_again()
    {
        await using var server = await StartServerAsync();
        var script = model.Register(ModelStep.Fails(529, "overloaded_error", times: 3), ModelStep.Says("done"));
        var workflow = await WorkflowAsync(server, script, "team");
        var runs = new List<RunId>();
        for (var i = 0; i < 6; i++)
        {
            runs.Add(await StartAsync(server, workflow));
        }

        var ends = new List<RunInfo>();
        foreach (var run in runs)
        {
            ends.Add(await server.EndOfAsync(run));
        }

        // Two open it, the third finds it as it was, the fourth finds that it works.
        Assert.Equal([.. Enumerable.Repeat("Failed overloaded", 3), .. Enumerable.Repeat("Completed success", 3)], ends.Select(end => $"{end.Status} {end.Reason!.Code}"));
        var claims = new List<DateTimeOffset>();
        foreach (var run in runs)
        {
            claims.Add(Assert.Single(await server.Ledger.ReadAttemptsAsync(run, Token)).ClaimedAt);
        }

        // A hold begins when admission hears of the failure, after its end.
        Assert.True(claims[2] >= ends[1].EndedAt + BreakTime, $"{claims[2]:O} {ends[1].EndedAt:O}");
        Assert.True(claims[3] >= ends[2].EndedAt + (2 * BreakTime), $"{claims[3]:O} {ends[2].EndedAt:O}");
        var (changes, _) = await server.Services.GetRequiredService<HoldStore>().HistoryAsync(LimitDimension.Agent, "claude", null, Token);
        Assert.Equal([HoldSource.Breaker, HoldSource.Breaker], changes!.Select(change => change.Source!.Value));
        Assert.All(changes!, change => Assert.Contains("overloaded", change.Spec!.Reason, StringComparison.Ordinal));
        Assert.Empty(await HoldsAsync(server));
    }

    [Fact]
    public async Task A_refused_credential_holds_its_runs_until_it_is_mended_and_an_operator_says_so()
    {
        await using var server = await StartServerAsync(breakTime: TimeSpan.FromMinutes(10));
        var refused = await WorkflowAsync(server, model.Register(ModelStep.Fails(401, "authentication_error")), "team");
        var mended = await WorkflowAsync(server, model.Register(ModelStep.Says("done")), "team");
        var (first, second, third) = (await StartAsync(server, refused), await StartAsync(server, refused), await StartAsync(server, mended));
        foreach (var run in new[] { first, second })
        {
            var end = await server.EndOfAsync(run);
            Assert.Equal((RunStatus.Failed, ReasonCodes.Authentication), (end.Status, end.Reason!.Code));
        }

        var hold = await WaitFor.Value(async _ => (await HoldsAsync(server)).SingleOrDefault(), () => "nothing is held", cancellationToken: Token);
        Assert.Equal((HoldSource.Breaker, "credential 'team'", "service"), (hold.Source, hold.Name, hold.Caller));
        await WaitFor.Value(async _ => (await server.Grains.GetGrain<IAdmissionGrain>(0).ExplainAsync(third))?.Causes.FirstOrDefault(cause => cause.Kind == WaitCauseKind.Hold), () => "it is not held", cancellationToken: Token);

        var released = await server.Services.GetRequiredService<HoldStore>().ReleaseAsync(LimitDimension.Credential, "team", null, new("ann", "c"), "a new key");
        Assert.Null(released.Failure);
        Assert.Equal(RunStatus.Completed, (await server.EndOfAsync(third)).Status);
        var (changes, _) = await server.Services.GetRequiredService<HoldStore>().HistoryAsync(LimitDimension.Credential, "team", null, Token);
        Assert.Equal([("ann", "a new key"), ("service", null)], changes!.Select(change => (change.Caller, change.Note)));
    }

    private static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(2);

    /// <summary>As the service tells who signed in with an account, not with a key.</summary>
    private static ModelError UsageLimit(DateTimeOffset reset)
    {
        var at = reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return ModelStep.Fails(429, "rate_limit_error") with
        {
            Headers = new Dictionary<string, string>
            {
                ["anthropic-ratelimit-unified-status"] = "rejected",
                ["anthropic-ratelimit-unified-reset"] = at,
                ["anthropic-ratelimit-unified-representative-claim"] = "five_hour",
                ["anthropic-ratelimit-unified-5h-status"] = "rejected",
                ["anthropic-ratelimit-unified-5h-reset"] = at,
                ["retry-after"] = "3600",
                ["x-should-retry"] = "false",
            },
        };
    }

    private static Task<IReadOnlyList<HoldInfo>> HoldsAsync(WorkflowsServer server) => server.Services.GetRequiredService<HoldStore>().ListAsync();

    /// <summary>One slot, two credentials that look like an account's.</summary>
    private static async Task<WorkflowsServer> StartServerAsync(TimeSpan? breakTime = null)
    {
        var directory = Directory.CreateTempSubdirectory("ow-server-").FullName;
        var token = Path.Combine(directory, "token");
        await File.WriteAllTextAsync(token, "sk-ant-oat01-invented", Token);
        File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return await WorkflowsServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Execution:Slots"] = "1",
                ["Agents:Binaries:claude"] = ClaudeBinary.Path,
                ["Workflows:Directories:0"] = Directory.CreateDirectory(Path.Combine(directory, "workflows")).FullName,
                ["Workflows:Watch"] = "false",
                ["Credentials:Named:team:FromFile"] = token,
                ["Credentials:Named:team:Variable"] = "CLAUDE_CODE_OAUTH_TOKEN",
                ["Credentials:Named:spare:FromFile"] = token,
                ["Credentials:Named:spare:Variable"] = "CLAUDE_CODE_OAUTH_TOKEN",
                ["Admission:Circuits:MinimumAttempts"] = "2",
                ["Admission:Circuits:BreakTime"] = $"{breakTime ?? BreakTime}",
            },
            directory: directory);
    }

    private static async Task<string> WorkflowAsync(WorkflowsServer server, RegisteredScript script, string credential)
    {
        var name = $"tested-{Guid.NewGuid():N}";
        await ClaudeWorkflow.WriteAsync(Path.Combine(server.Directory, "workflows", name), script.BaseUrl, Never, credential);
        await server.Services.GetRequiredService<WorkflowCatalog>().ReloadAsync();
        return name;
    }

    private static async Task<RunId> StartAsync(WorkflowsServer server, string workflow) =>
        (await server.StartRunAsync(new() { Workflow = workflow, Message = "say done" })).Id;
}
