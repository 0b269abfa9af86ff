namespace Orleans.Workflows.Ledger;

/// <summary>The database can't be reached now. What was being written may or may not be durable: re-read before deciding.</summary>
[GenerateSerializer, Alias("ledger-unavailable")]
public sealed class LedgerUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
