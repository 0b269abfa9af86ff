namespace Orleans.Workflows.Execution.Refusals;

/// <summary>What is left of an attempt's start whose words the ledger refuses: the process itself is what counts.</summary>
internal static class StartReductions
{
    public static IEnumerable<AttemptStart> Of(AttemptStart refused)
    {
        yield return refused with { Warning = null };
        yield return refused with { Warning = null, Details = "{}", AgentVersion = null, Branch = null, Workspace = null };
    }
}
