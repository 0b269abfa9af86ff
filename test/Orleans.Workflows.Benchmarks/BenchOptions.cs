namespace Orleans.Workflows.Benchmarks;

/// <summary>What a benchmark is asked for.</summary>
/// <param name="Runs">Runs (or lines) of a trial; null is the benchmark's own.</param>
/// <param name="Trials">Paired trials; medians are over them.</param>
/// <param name="Writers">How many write at once in <c>ledger</c>.</param>
internal sealed record BenchOptions(int? Runs, int Trials, int Writers)
{
    public static BenchOptions Parse(string[] args) => new(
        args.SkipWhile(arg => arg != "--runs").Skip(1).Select(int.Parse).Cast<int?>().FirstOrDefault(),
        args.SkipWhile(arg => arg != "--trials").Skip(1).Select(int.Parse).Append(7).First(),
        args.SkipWhile(arg => arg != "--writers").Skip(1).Select(int.Parse).Append(50).First());

    public static int Usage()
    {
        Console.Error.WriteLine("usage: noop|ledger|agent|stream|idle sqlite|postgresql [--runs N] [--trials N]");
        return 2;
    }
}
