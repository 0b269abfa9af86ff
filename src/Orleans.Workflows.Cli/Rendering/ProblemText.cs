using Orleans.Workflows.Cli.Client;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>A failure for people: what, which field, what to do, and the id that finds it in the server's log.</summary>
internal static class ProblemText
{
    public static void Write(ProblemInfo problem, TextWriter writer)
    {
        var what = problem.Detail ?? problem.Title ?? $"The server answered {(int)problem.Status}.";
        writer.WriteLine($"error: {PlainText.Line(what)}{(problem.Code is { } code ? $" [{PlainText.Line(code)}]" : "")}");
        Line(writer, "field", problem.Field);
        Line(writer, "remedy", problem.Remedy);
        Line(writer, "correlation id", problem.CorrelationId);
    }

    public static void Write(UnreachableException failure, TextWriter writer)
    {
        writer.WriteLine($"error: the server at {failure.Server} can't be used: {PlainText.Line(failure.Message)}");
        Line(writer, "remedy", $"start one with 'workflows server', or name another with --server or ${GlobalOptions.ServerVariable}");
    }

    public static void Write(UsageException failure, TextWriter writer)
    {
        writer.WriteLine($"error: {PlainText.Line(failure.Message)}");
        Line(writer, "remedy", failure.Remedy);
    }

    private static void Line(TextWriter writer, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteLine($"{name}: {PlainText.Line(value)}");
        }
    }
}
