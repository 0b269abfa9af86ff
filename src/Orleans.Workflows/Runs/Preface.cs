using System.Text;
using Orleans.Workflows.Agents;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>What stands before the prompt of an attempt that follows one which was cut off: why, and what it may have left half done.</summary>
internal static class Preface
{
    private const int MostCalls = 20;
    private const int LongestReason = 400;

    /// <summary>For a run that was to continue another, whose node is lost.</summary>
    public const string OfAway = "This continues earlier work, but what was said before and the files of its workspace were on a machine that is lost. You begin fresh: neither may be here.";

    /// <summary>For another attempt of the same run.</summary>
    public static string OfAttempt(EarlierAttempt before, bool resumes)
    {
        var text = new StringBuilder($"Attempt {before.Number} at this task was cut off before it was done ({before.Reason}: {Short(before.Text)}). ").Append(resumes
            ? "You go on in the same session: look at what is done already and do not begin again."
            : "You begin fresh: its conversation is not here, and what it did may not be either.");
        Name(text, before.Unanswered);
        return text.Append("\n\nThe task, as it was first given:").ToString();
    }

    /// <summary>For a run that continues one which ended amid tool calls; null where it did not.</summary>
    public static string? OfContinuation(RunRow continued, RunDetails details)
    {
        if (details.Unanswered is not { Count: > 0 } calls)
        {
            return null;
        }

        var text = new StringBuilder($"The run before this one was cut off ({continued.Reason?.Code}: {Short(continued.Reason?.Text)}).");
        Name(text, calls);
        return text.ToString();
    }

    private static void Name(StringBuilder text, IReadOnlyList<UnansweredTool>? calls)
    {
        if (calls is null or [])
        {
            return;
        }

        text.Append("\n\nThese tool calls had no result when it ended, so they may or may not have taken effect. Check before you repeat one:");
        foreach (var call in calls.Take(MostCalls))
        {
            text.Append("\n- ").Append(call.Name).Append(' ').Append(call.Input);
        }

        if (calls.Count > MostCalls)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n- and {calls.Count - MostCalls} more");
        }
    }

    private static string Short(string? text)
    {
        var line = (text ?? "").ReplaceLineEndings(" ").TrimEnd('.');
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }
}
