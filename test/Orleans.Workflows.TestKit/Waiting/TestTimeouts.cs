using System.Globalization;

namespace Orleans.Workflows.TestKit.Waiting;

/// <summary>
/// How long a test waits before it calls something stuck. Bounds, not expectations: a passing test never waits for one.
/// All are multiplied by <c>ORLEANS_WORKFLOWS_TEST_TIMEOUT_FACTOR</c> (default 1) for slow machines.
/// </summary>
public static class TestTimeouts
{
    private static readonly double Factor = ReadFactor();

    /// <summary>Something inside this process: 30 s.</summary>
    public static TimeSpan Default { get; } = Scaled(30);

    /// <summary>A child process starts, answers or ends, on a machine that runs many of them: 120 s.</summary>
    public static TimeSpan Process { get; } = Scaled(120);

    /// <summary>Between two looks at a condition: 20 ms, not multiplied.</summary>
    public static TimeSpan Poll { get; } = TimeSpan.FromMilliseconds(20);

    private static TimeSpan Scaled(double seconds) => TimeSpan.FromSeconds(seconds * Factor);

    private static double ReadFactor()
    {
        var value = Environment.GetEnvironmentVariable("ORLEANS_WORKFLOWS_TEST_TIMEOUT_FACTOR");
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor > 0 ? factor : 1;
    }
}
