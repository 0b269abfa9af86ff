namespace Orleans.Workflows.Ledger.Tests;

public sealed class SqliteLedgerTests(SqliteLedgerFixture fixture) : LedgerConformanceTests(fixture), IClassFixture<SqliteLedgerFixture>;
