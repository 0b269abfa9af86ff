namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A directory of a run below a node's state directory: <c>attempts</c>, <c>homes</c> or <c>workspaces</c>.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Run">The run in its name.</param>
/// <param name="KeptFor">How long it may stay after the run's end: its age in the settings and the time of two collections.</param>
internal sealed record LeftFile(string Path, Guid Run, TimeSpan KeptFor);
