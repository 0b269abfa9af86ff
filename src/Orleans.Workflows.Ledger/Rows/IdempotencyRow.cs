using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>A claim of a caller's key, made in the accepting transaction.</summary>
/// <param name="RequestHash">SHA-256 of the request, to tell a repeat from a misuse.</param>
/// <param name="KeepUntil">Kept at least until then (24 h after the claim).</param>
public sealed record IdempotencyRow(string Caller, string Key, byte[] RequestHash, RunId Run, DateTimeOffset KeepUntil);
