namespace Orleans.Workflows.Ledger.Rows;

/// <summary>What a rule of admission is; each kind has a table of its own.</summary>
public enum RuleKind
{
    Limit,
    Hold,
}
