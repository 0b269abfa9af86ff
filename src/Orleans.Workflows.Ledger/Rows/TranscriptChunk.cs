using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Ledger.Rows;

/// <summary>Raw output as the process wrote it, from <paramref name="Offset"/> on. Stored compressed; unique by (run, attempt, stream, offset).</summary>
public sealed record TranscriptChunk(RunId Run, int Attempt, OutputStream Stream, long Offset, ReadOnlyMemory<byte> Bytes);
