namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A process that was found when none should be: by the marker in its environment, or by the files of an attempt that it holds.</summary>
internal sealed record LeftProcess(int Pid, string Name, Guid? Run, string Evidence);
