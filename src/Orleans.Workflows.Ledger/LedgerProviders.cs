namespace Orleans.Workflows.Ledger;

/// <summary>The databases, by the names that settings use.</summary>
public static class LedgerProviders
{
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";
}
