namespace Orleans.Workflows.TestKit.ModelServer;

/// <summary>
/// Tokens that a reply reports, by kind. As from the real model, the start of a stream carries output as 1; the true
/// figure comes with its end.
/// </summary>
public sealed record ModelUsage(long Input = 100, long Output = 20, long CacheRead = 0, long CacheCreation = 0);
