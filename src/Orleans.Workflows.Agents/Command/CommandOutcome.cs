using Orleans.Workflows.Agents.StreamJson;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Agents.Command;

/// <summary>A program's outcome: its exit code, unless it reported an error as JSON lines.</summary>
internal static class CommandOutcome
{
    public static Outcome Classify(AttemptEvidence evidence)
    {
        var parser = evidence.Parser as CommandParser
            ?? throw new ArgumentException("The parser was made by another adapter.", nameof(evidence));
        return Judge(parser, evidence) with { ResultText = parser.ResultText, StructuredOutput = parser.Output };
    }

    private static Outcome Judge(CommandParser parser, AttemptEvidence evidence)
    {
        if (evidence.LaunchError is { } error)
        {
            return Failed(ReasonCodes.LaunchFailed, StreamJsonOutcome.Quote("The program could not be started", error));
        }

        // A program that ends by itself with 0 has done its work, also when the request to stop was on its way.
        if (evidence.StopRequested && evidence.ExitCode != 0)
        {
            return Failed(ReasonCodes.Interrupted, "The program was stopped before it ended by itself.");
        }

        if (evidence.Signal is { } signal)
        {
            return Failed(ReasonCodes.Signaled, $"Signal {ExitSignal.Name(signal)} ended the program.", retryable: true);
        }

        return evidence.ExitCode switch
        {
            null => Failed(ReasonCodes.NoResult, "How the program ended is not known.", retryable: true),
            0 when parser.IsError => Failed(ReasonCodes.AgentError, StreamJsonOutcome.Quote("The program reported an error", parser.Text)),
            0 when evidence.StructuredOutputRequired && parser.Output is null => Failed(ReasonCodes.StructuredOutput, "The program gave no structured output, which was asked for."),
            0 => new Outcome { Status = RunStatus.Completed, Reason = new Reason(ReasonCodes.Success, "The program exited with code 0.") },
            { } code => Failed(ReasonCodes.ExitCode, StreamJsonOutcome.Quote($"The program exited with code {code}", LastLines(evidence.StderrTail))),
        };
    }

    private static Outcome Failed(string code, string text, bool retryable = false) =>
        StreamJsonOutcome.Failed(code, text, retryable, resumable: false);

    // Programs put what went wrong last.
    private static string LastLines(string text) => text.Length > 400 ? text[^400..] : text;
}
