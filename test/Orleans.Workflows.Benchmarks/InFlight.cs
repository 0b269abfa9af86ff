namespace Orleans.Workflows.Benchmarks;

internal static class InFlight
{
    /// <summary>Does it <paramref name="count"/> times, so many at once.</summary>
    public static Task EachAsync(int count, int inFlight, Func<int, Task> act)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next); n <= count; n = Interlocked.Increment(ref next))
            {
                await act(n);
            }
        })));
    }
}
