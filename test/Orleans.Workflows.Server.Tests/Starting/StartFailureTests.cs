using System.Collections;
using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.Server.Tests.Starting;

/// <summary>The program itself: what it says when its settings are wrong.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ow-start-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Workflows:Cluster:Address must be an IP address", "Cluster__Address=nowhere")]
    [InlineData("Workflows:Execution:Slots", "Execution__Slots=many")]
    [InlineData("Workflows:Workspaces:ChangedFilesLimit must be 0 or more.", "Workspaces__ChangedFilesLimit=-1")]
    [InlineData("Workflows:Workflows:Directories names '/no/such/place'", "Workflows__Directories__0=/no/such/place")]
    [InlineData("Workflows:Credentials:Named:claude must have exactly one of", "Credentials__Named__claude__FromFile=/a", "Credentials__Named__claude__FromEnv=A")]
    [InlineData("Invalid url", "Urls=nonsense")]
    [InlineData("/proc/", "StateDirectory=/proc/1/state")]
    public async Task A_wrong_setting_is_named_on_stderr_without_a_stack(string said, params string[] settings)
    {
        var result = await RunAsync(settings);

        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_of_several_faults_has_its_line()
    {
        var result = await RunAsync("Workspaces__ChangedFilesLimit=-1", "Collection__TotalBytes=-1", "Workflows__QuietPeriod=01:00:00");

        Assert.True(result.ExitCode == 1, result.ToString());
        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in (string[])["Workspaces:ChangedFilesLimit", "Collection:TotalBytes", "Workflows:QuietPeriod"])
        {
            Assert.Single(lines, line => line.StartsWith("Workflows:" + name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_full_disk_is_named_and_no_setting_blamed()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A disk of its own can't be mounted without root.");
        var disk = Directory.CreateDirectory(Path.Combine(_directory, "disk")).FullName;
        var mounted = await RunningProgram.RunAsync("mount", ["-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", disk], cancellationToken: TestContext.Current.CancellationToken);
        Assert.SkipUnless(mounted.ExitCode == 0, $"A disk of its own can't be mounted here: {mounted}");
        try
        {
            var result = await RunAsync("StateDirectory=" + disk);
            Assert.True(result.ExitCode == 1, result.ToString());
            Assert.Contains($"The disk of {disk}, which holds the database, is full", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("ConnectionString", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            await RunningProgram.RunAsync("umount", [disk], cancellationToken: CancellationToken.None);
        }
    }

    private async Task<ProgramResult> RunAsync(params string[] settings)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);
        foreach (var setting in (string[])["Urls=http://127.0.0.1:0", "StateDirectory=" + Path.Combine(_directory, "state"), .. settings])
        {
            var parts = setting.Split('=', 2);
            environment["Workflows__" + parts[0]] = parts[1];
        }

        await using var program = RunningProgram.Start(Path.Combine(AppContext.BaseDirectory, "Orleans.Workflows.Server"), [], AppContext.BaseDirectory, environment);
        return await program.EndAsync(cancellationToken: TestContext.Current.CancellationToken);
    }
}
