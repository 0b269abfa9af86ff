using Orleans.Workflows.Agents;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Execution.Refusals;

/// <summary>What is left of an attempt's end whose words the ledger refuses, the most first. That it ended, and how, is in each.</summary>
internal static class EndReductions
{
    public static IEnumerable<AttemptEnd> Of(AttemptEnd refused)
    {
        yield return refused with { Details = null };
        var silent = refused with
        {
            Details = null,
            Result = new() { FirstCommit = refused.Result.FirstCommit, LastCommit = refused.Result.LastCommit },
            Outcome = refused.Outcome with { ResultText = null, StructuredOutput = null },
        };
        yield return silent with { Outcome = silent.Outcome with { Reason = WithNote(refused.Outcome.Reason) } };
        yield return silent with { Result = new(), Outcome = silent.Outcome with { Reason = new(refused.Outcome.Reason.Code, Note) } };
    }

    private const string Note = "The ledger refused what the agent said last; its files have it.";

    private static Reason WithNote(Reason reason) => new(reason.Code, $"{reason.Text} {Note}");
}
