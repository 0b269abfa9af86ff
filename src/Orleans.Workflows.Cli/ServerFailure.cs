using Orleans.Workflows.Server;

namespace Orleans.Workflows.Cli;

/// <summary>Why a server in this process did not start, in its own words: they name the setting and the remedy.</summary>
internal static class ServerFailure
{
    public static bool IsExpected(Exception exception) => StartFailure.IsExpected(exception);

    public static UsageException Of(Exception exception) =>
        new($"The server can't start: {string.Join(" ", StartFailure.Explain(exception))}", "Correct what it names; another directory or port may be free.");
}
