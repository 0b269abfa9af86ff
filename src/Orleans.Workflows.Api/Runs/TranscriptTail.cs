using Orleans.Workflows.Ledger;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Runs;

/// <summary>Finds where the last lines begin by looking at ever larger pieces of the end.</summary>
internal static class TranscriptTail
{
    private const long FirstPiece = 64 * 1024;

    /// <param name="length">Bytes recorded.</param>
    public static async Task<long> StartAsync(ILedger ledger, RunId run, int attempt, OutputStream stream, long length, int lines, CancellationToken cancellationToken)
    {
        if (lines == 0)
        {
            return length;
        }

        for (var piece = FirstPiece; ; piece *= 4)
        {
            var from = Math.Max(0, length - piece);
            var starts = await StartsAsync(ledger, run, attempt, stream, from, length, lines, cancellationToken);
            if (starts.Count == lines)
            {
                return starts.Peek();
            }

            if (from == 0)
            {
                return 0;
            }
        }
    }

    /// <summary>The last line starts behind a newline in the piece, oldest first, at most <paramref name="lines"/>.</summary>
    private static async Task<Queue<long>> StartsAsync(
        ILedger ledger, RunId run, int attempt, OutputStream stream, long from, long length, int lines, CancellationToken cancellationToken)
    {
        var starts = new Queue<long>(Math.Min(lines, 1_024));
        await foreach (var chunk in ledger.ReadTranscriptAsync(run, attempt, stream, from, cancellationToken))
        {
            var begin = (int)Math.Max(0, from - chunk.Offset);
            var end = (int)Math.Min(chunk.Bytes.Length, length - chunk.Offset);
            for (var at = begin; at < end;)
            {
                var newline = chunk.Bytes.Span[at..end].IndexOf((byte)'\n');
                if (newline < 0)
                {
                    break;
                }

                at += newline + 1;
                if (chunk.Offset + at < length)
                {
                    starts.Enqueue(chunk.Offset + at);
                    if (starts.Count > lines)
                    {
                        starts.Dequeue();
                    }
                }
            }
        }

        return starts;
    }
}
