using System.Reflection;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Execution;
using Orleans.Workflows.Execution.Refusals;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Tests.Execution;

/// <summary>A ledger that refuses words for good still gets to know that an attempt started and how it ended.</summary>
public sealed class RefusalTests
{
    private static readonly AttemptStart Start = new() { Attempt = 1, Pid = 7, PidStartTicks = 8, BootId = "boot", Details = "{\"a\":1}", Warning = "warning", Branch = "branch", Workspace = "/w", AgentVersion = "1", At = default };

    private static readonly AttemptEnd End = new()
    {
        Attempt = 1,
        Details = "{}",
        Result = new() { FirstCommit = "a", LastCommit = "b" },
        Outcome = new() { Status = RunStatus.Completed, Reason = new("completed", "words"), ResultText = "words" },
    };

    [Fact]
    public async Task A_start_is_told_with_as_many_words_as_are_taken()
    {
        Assert.Equal(Start, (await ToldAsync(Start, _ => true))[^1]);
        Assert.Equal(Start with { Warning = null }, (await ToldAsync(Start, start => start.Warning is null))[^1]);
        var least = (await ToldAsync(Start, start => start.Branch is null))[^1];
        Assert.Equal((7, 8L, "boot", "{}"), (least.Pid, least.PidStartTicks, least.BootId, least.Details));
        await Assert.ThrowsAsync<RunConflictException>(() => ToldAsync(Start, _ => false));
    }

    [Fact]
    public async Task An_end_is_told_with_its_status_and_says_what_is_missing()
    {
        Assert.Equal([End, End with { Details = null }], await ToldAsync(End, end => end.Details is null));
        var silent = (await ToldAsync(End, end => end.Outcome.ResultText is null))[^1];
        Assert.Equal((RunStatus.Completed, "b"), (silent.Outcome.Status, silent.Result.LastCommit));
        Assert.StartsWith("words The ledger refused", silent.Outcome.Reason.Text, StringComparison.Ordinal);
        var least = (await ToldAsync(End, end => !end.Outcome.Reason.Text.Contains("words", StringComparison.Ordinal)))[^1];
        Assert.Equal((RunStatus.Completed, "completed", null), (least.Outcome.Status, least.Outcome.Reason.Code, least.Result.LastCommit));
        await Assert.ThrowsAsync<RunConflictException>(() => ToldAsync(End, _ => false));
    }

    [Fact]
    public async Task Who_wrote_first_is_no_matter_of_words()
    {
        var (grain, told) = RefusingGrain.New(_ => new RunConflictException("another wrote first"));
        await Assert.ThrowsAsync<RunConflictException>(() => grain.EndedReducedAsync(End));
        await Assert.ThrowsAsync<RunConflictException>(() => grain.StartedReducedAsync(Start));
        Assert.Equal([End, Start], told);
    }

    private static async Task<T[]> ToldAsync<T>(T words, Func<T, bool> isTaken)
        where T : class
    {
        var (grain, told) = RefusingGrain.New(said => isTaken((T)said) ? null : new RunConflictException("refused") { Refusal = "a rule" });
        Assert.True(words is AttemptEnd end ? await grain.EndedReducedAsync(end) : await grain.StartedReducedAsync((AttemptStart)(object)words));
        return [.. told.Cast<T>()];
    }
}

/// <summary>Remembers what it is told and refuses as the test says.</summary>
internal class RefusingGrain : DispatchProxy
{
    private readonly List<object> _told = [];
    private Func<object, Exception?> _refuse = _ => null;

    public static (IRunAttemptsGrain Grain, List<object> Told) New(Func<object, Exception?> refuse)
    {
        var grain = Create<IRunAttemptsGrain, RefusingGrain>();
        var proxy = (RefusingGrain)(object)grain;
        proxy._refuse = refuse;
        return (grain, proxy._told);
    }

    protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _told.Add(args![0]!);
        return _refuse(args[0]!) is { } refusal ? Task.FromException<bool>(refusal) : Task.FromResult(true);
    }
}
