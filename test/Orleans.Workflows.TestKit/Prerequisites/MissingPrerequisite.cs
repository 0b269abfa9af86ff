using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Orleans.Workflows.TestKit.Prerequisites;

/// <summary>Ends a test that needs a program which this machine lacks: failed where <c>CI=true</c>, else skipped.</summary>
public static class MissingPrerequisite
{
    /// <summary>Call it from the test itself: what a fixture's start throws fails the test instead of skipping it.</summary>
    [DoesNotReturn]
    public static void Report(string sentence)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(sentence);
        }

        Assert.Skip(sentence);
    }
}
