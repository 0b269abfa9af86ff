namespace Orleans.Workflows.Chaos.Checking;

/// <summary>A row of <c>transcripts</c>, expanded. Stream 1 is stdout, 2 is stderr.</summary>
internal sealed record TranscriptPart(Guid Run, int Attempt, int Stream, long Offset, byte[] Bytes);
