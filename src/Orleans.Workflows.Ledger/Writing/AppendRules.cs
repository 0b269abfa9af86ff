using System.Text.Unicode;
using Orleans.Workflows.Ledger.Appending;

namespace Orleans.Workflows.Ledger.Writing;

/// <summary>What an append must be before it reaches a database, and the form that both databases take.</summary>
internal static class AppendRules
{
    /// <exception cref="ArgumentException">The append contradicts itself: a programming error of its caller.</exception>
    public static LedgerAppend Normalize(LedgerAppend append)
    {
        var run = append.Run.Id;
        Require(append.Run.Version >= 1, "The version must be 1 or more.");
        Require(append.Idempotency is null || append.Run.Version == 1, "A key is claimed only by the append that accepts the run.");
        Require(append.Idempotency is null || append.Idempotency.Run == run, "The key's run is another one.");
        Require(append.Attempt is null || append.Attempt.Run == run, "The attempt's run is another one.");
        Require(append.Attempt is not null || !append.NewAttempt, "A new attempt needs its row.");
        Require(append.Events is null || (append.Events.Run == run && append.Events.Count > 0), "The events' run is another one, or there are none.");
        Require(append.Usage.All(row => row.Run == run), "The usage's run is another one.");
        Require(append.Transcript.All(row => row.Run == run), "The transcript's run is another one.");
        Require(append.Commands.All(row => row.Run == run), "The commands' run is another one.");
        Require(append.Audit.All(row => row.Run == run), "The audit's run is another one.");
        Require(append.Locks.All(row => row.Run == run && append.NewAttempt && row.Attempt == append.Attempt!.Number), "Only a new attempt takes locks.");

        // A stream repeats a message while it grows; only the last entry of an id is kept, and one statement can't touch a row twice.
        return append.Usage.Count < 2 && append.Commands.Count < 2 && append.Transcript.All(chunk => chunk.Bytes.Length > 0)
            ? append
            : append with
            {
                Usage = [.. append.Usage.GroupBy(row => row.MessageId).Select(group => group.Last())],
                Commands = [.. append.Commands.GroupBy(row => row.Id).Select(group => group.Last())],
                Transcript = [.. append.Transcript.Where(chunk => chunk.Bytes.Length > 0)],
            };
    }

    public static bool IsStorableText(ReadOnlySpan<byte> utf8) => !utf8.Contains((byte)0) && Utf8.IsValid(utf8);

    public static long BytesOf(LedgerAppend append)
    {
        var bytes = 512L + append.Run.Spec.Length + (append.Run.Result?.Length ?? 0) + (append.Events?.Events.Length ?? 0);
        foreach (var chunk in append.Transcript)
        {
            bytes += chunk.Bytes.Length;
        }

        return bytes;
    }

    private static void Require(bool holds, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException(rule);
        }
    }
}
