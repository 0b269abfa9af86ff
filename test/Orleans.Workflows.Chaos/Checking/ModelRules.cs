namespace Orleans.Workflows.Chaos.Checking;

/// <summary>
/// What runs of real agents count lies between what stands in their transcripts and all that the model was asked for: an answer
/// that was cut on its way may count or not. Where every call arrived the two are one number.
/// </summary>
internal static class ModelRules
{
    public static IEnumerable<Violation> Check(History history)
    {
        var calls = history.ModelCalls.ToLookup(call => call.Run);
        var parts = history.Transcript.ToLookup(part => part.Run);
        var attempts = history.Attempts.ToLookup(attempt => attempt.Run);
        var hit = history.Hits.Select(fault => fault.Run).ToHashSet();
        return history.Runs.Where(run => run.AsksTheModel && run.IsTerminal)
            .SelectMany(run => Check(run, [.. calls[run.Id]], [.. parts[run.Id].GroupBy(part => part.Attempt).SelectMany(attempt => AttemptFold.Of(attempt).Messages)], attempts[run.Id].Count(), hit.Contains(run.Id)));
    }

    private static IEnumerable<Violation> Check(LedgerRun run, ModelCall[] calls, string[] said, int attempts, bool wasHit)
    {
        var sent = calls.Select(call => call.MessageId).ToHashSet();
        foreach (var foreign in said.Where(message => !sent.Contains(message)))
        {
            yield return new(ViolationKind.WrongNumbers, run.Id, $"the message {foreign} stands in its transcript, and the model never sent it to this run");
        }

        if ((run.Numbers.Turns ?? 0) != said.Length)
        {
            yield return new(ViolationKind.WrongNumbers, run.Id, $"it counts {run.Numbers.Turns} turns, and {said.Length} messages stand in its transcripts");
        }

        var least = Sum(calls.Where(call => said.Contains(call.MessageId)));
        var most = Sum(calls);

        // How much an agent said is certain at the end of a message, or by the agent's result. An agent whose line was cut in the
        // middle of a message counts what it has of it.
        var hasWhole = run.Status == "Completed" && attempts == 1 && !wasHit;
        foreach (var (what, counted, from, to) in new[]
        {
            ("input", run.Numbers.Input, least.Input, most.Input),
            ("cache reads", run.Numbers.CacheRead, least.CacheRead, most.CacheRead),
            ("cache writes", run.Numbers.CacheCreation, least.CacheCreation, most.CacheCreation),
            ("output", run.Numbers.Output, hasWhole ? least.Output : 0, most.Output),
        })
        {
            if ((counted ?? 0) < (from ?? 0) || (counted ?? 0) > (to ?? 0))
            {
                yield return new(ViolationKind.WrongNumbers, run.Id, $"it counts {counted} tokens of {what}; its messages took {from}, all calls that the model had {to}");
            }
        }

        if (run.Status == "Completed" && run.Result?.Contains(ModelCall.LastText, StringComparison.Ordinal) != true)
        {
            yield return new(ViolationKind.Lost, run.Id, $"is Completed, and the model's last answer is not its result: {run.Result}");
        }
    }

    private static Numbers Sum(IEnumerable<ModelCall> calls) => calls.Aggregate(Numbers.Unknown, (sum, call) => sum.Add(call.Usage));
}
