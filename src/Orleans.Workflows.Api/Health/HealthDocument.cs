namespace Orleans.Workflows.Api.Health;

/// <summary>How the server is.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
/// <param name="Silo">The silo's status; null when only liveness was asked.</param>
/// <param name="Ledger"><c>ok</c>, or what is wrong; null when only liveness was asked.</param>
public sealed record HealthDocument(string Status, string? Silo, string? Ledger);
