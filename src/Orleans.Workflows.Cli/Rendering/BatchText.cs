using Orleans.Workflows.Batches;
using Orleans.Workflows.Cli.Client;
using Spectre.Console;

namespace Orleans.Workflows.Cli.Rendering;

/// <summary>Batches as people read them.</summary>
internal static class BatchText
{
    private const int FilterLimit = 60;

    public static void WriteTable(IAnsiConsole console, BatchPage page)
    {
        var table = Tables.Create("BATCH", "OPERATION", "STATUS", ">MATCHED", ">DONE", ">SKIPPED", ">FAILED", "BY", "CREATED", "FILTER");
        foreach (var batch in page.Items)
        {
            table.AddTexts(
                batch.Id.ToString(), batch.Operation.ToString(), batch.Status.ToString(), Figures.Count(batch.Matched), Figures.Count(batch.Done), Figures.Count(batch.Skipped),
                Figures.Count(batch.Failed), PlainText.Line(batch.Caller), Figures.Moment(batch.CreatedAt), PlainText.Line(batch.Filter?.ToString(), FilterLimit));
        }

        console.Write(table);
        if (page.NextCursor is { } next)
        {
            console.WriteLine($"more: --cursor {next}");
        }
    }

    public static void Write(IAnsiConsole console, BatchListing batch)
    {
        console.Write(Tables.CreateList(
        [
            ("batch", batch.Id.ToString()),
            ("operation", batch.Operation.ToString()),
            ("status", batch.Status.ToString()),
            ("filter", batch.Filter?.ToString()),
            ("reason", batch.Reason),
            ("by", batch.Caller),
            ("matched", Figures.Count(batch.Matched)),
            ("done", Figures.Count(batch.Done)),
            ("skipped", Figures.Count(batch.Skipped)),
            ("failed", Figures.Count(batch.Failed)),
            ("created", Figures.Moment(batch.CreatedAt)),
            ("ended", Figures.Moment(batch.EndedAt)),
            ("stopped by", batch.CanceledBy),
        ]));
        if (batch.Failures is not { Count: > 0 } failures)
        {
            return;
        }

        var table = Tables.Create("RUN", "CODE", "WHY");
        foreach (var failure in failures)
        {
            table.AddTexts(failure.Run.ToString(), PlainText.Line(failure.Code), PlainText.Line(failure.Message));
        }

        console.Write(table);
        if (batch.Failed > failures.Count)
        {
            console.WriteLine($"{Figures.Count(batch.Failed - failures.Count)} more failed");
        }
    }

    /// <summary>Its id and where it stands.</summary>
    public static void WriteLine(TextWriter output, BatchListing batch)
    {
        output.WriteLine(batch.Id);
        output.WriteLine(Progress(batch));
    }

    public static string Progress(BatchListing batch)
    {
        var seen = batch.Done + batch.Skipped + batch.Failed;
        var part = batch.Status == BatchStatus.Completed ? 1 : batch.Matched is > 0 and { } all ? Math.Clamp((double)seen / all, 0, 0.99) : 0;
        return $"{ProgressBar.Fill(part, 20)} {batch.Status} {Figures.Count(seen)}/{Figures.Count(batch.Matched)}: {Figures.Count(batch.Done)} done, {Figures.Count(batch.Skipped)} skipped, {Figures.Count(batch.Failed)} failed";
    }
}
