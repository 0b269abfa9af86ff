namespace Orleans.Workflows.TestKit.Programs;

/// <summary>How a program ended. The code of one that a signal ended is 128 plus the signal's number.</summary>
public sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}{Environment.NewLine}stdout: {Output}{Environment.NewLine}stderr: {Error}";
}
