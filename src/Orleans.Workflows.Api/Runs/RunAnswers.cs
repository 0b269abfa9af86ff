using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Orleans.Workflows.Admission;
using Orleans.Workflows.Api.Json;
using Orleans.Workflows.Ledger;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Writes a run as one JSON object: its <see cref="RunInfo"/>, and <see cref="RunSurroundings"/> behind it.</summary>
internal sealed class RunAnswers(IGrainFactory grains, ILedger ledger)
{
    private const string ContentType = "application/json; charset=utf-8";

    /// <summary>With its place and continuations, which cost a look each when it can have them.</summary>
    public async Task ShowAsync(HttpContext context, int status, RunInfo run)
    {
        var position = run.Status == RunStatus.Queued ? await grains.GetGrain<IAdmissionGrain>(0).GetPositionAsync(run.Id) : null;
        var continuations = run.Status.IsTerminal() ? await ledger.ReadContinuationsAsync(run.Id, context.RequestAborted) : [];
        await WriteAsync(context, status, run, position, continuations);
    }

    /// <summary>A run that has just begun: it has no continuations, and its place is not looked up.</summary>
    public static Task AcceptAsync(HttpContext context, int status, RunInfo run)
    {
        context.Response.Headers.Location = RunLinks.PathOf(run.Id);
        return WriteAsync(context, status, run, null, []);
    }

    private static async Task WriteAsync(HttpContext context, int status, RunInfo run, int? position, IReadOnlyList<RunId> continuations)
    {
        var text = Compose(run, new() { Position = position, Continuations = continuations, Links = RunLinks.Of(run.Id) });
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = ContentType;
        response.ContentLength = text.Length;
        await response.BodyWriter.WriteAsync(text, context.RequestAborted);
    }

    private static Memory<byte> Compose(RunInfo run, RunSurroundings around)
    {
        var text = new ArrayBufferWriter<byte>(2048);
        using var json = new Utf8JsonWriter(text, new JsonWriterOptions { SkipValidation = true, Encoder = ApiJson.Answers.Options.Encoder });
        JsonSerializer.Serialize(json, run, ApiJson.Answers.RunInfo);
        json.Flush();
        var seam = text.WrittenCount;
        json.Reset();
        JsonSerializer.Serialize(json, around, ApiJson.Answers.RunSurroundings);
        json.Flush();

        // {…}{…} becomes {…, …}: two shapes, one object, no copy.
        var whole = MemoryMarshal.AsMemory(text.WrittenMemory);
        ", "u8.CopyTo(whole.Span[(seam - 1)..]);
        return whole;
    }
}
