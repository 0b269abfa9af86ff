namespace Orleans.Workflows.Ledger.Tests;

public sealed class PostgresLedgerTests(PostgresLedgerFixture fixture) : LedgerConformanceTests(fixture), IClassFixture<PostgresLedgerFixture>;
