using System.Diagnostics;
using System.Text.Json;

namespace Orleans.Workflows.ScriptedAgent;

/// <summary>Real processes that an agent starts and may leave behind.</summary>
internal static class Children
{
    /// <summary>Runs a shell command to its end and returns what it printed and its exit code.</summary>
    public static (string Output, int Code) Run(string command, CancellationToken cancellation)
    {
        using var process = Shell(command, redirect: true);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        using (cancellation.Register(() => process.Kill(entireProcessTree: true)))
        {
            process.WaitForExit();
        }

        cancellation.ThrowIfCancellationRequested();
        return (output.GetAwaiter().GetResult().TrimEnd('\n'), process.ExitCode);
    }

    public static void Leave(JsonElement step)
    {
        var sleep = $"sleep {step.Number("child") ?? 600}";
        var quiet = step.Flag("holdOutput") ? "" : " </dev/null >/dev/null 2>&1";
        var session = step.Flag("setsid") ? "setsid " : "";
        if (step.Flag("daemon"))
        {
            using var parent = Shell($"{session}{sleep}{quiet} &", redirect: false);
            parent.WaitForExit();
        }
        else
        {
            Shell($"exec {session}{sleep}{quiet}", redirect: false).Dispose();
        }
    }

    private static Process Shell(string command, bool redirect) =>
        Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = redirect })!;
}
