namespace Orleans.Workflows.Tests.Workspaces;

/// <summary>The real git, but for one command that ends as told.</summary>
internal static class FaultyGit
{
    /// <param name="fixture">Whose provider runs it from now on.</param>
    /// <param name="command">Part of the command line, words parted by one space.</param>
    /// <param name="exitCode">What the command ends with.</param>
    /// <param name="times">After that many it works again.</param>
    /// <param name="error">What it says.</param>
    public static void Install(RepositoryFixture fixture, string command, int exitCode = 128, int times = int.MaxValue, string error = "fatal: the disk is broken")
    {
        var count = Path.Combine(fixture.Root, "faults");
        File.Delete(count);
        var script = Path.Combine(fixture.Root, $"faulty-git-{Guid.NewGuid():N}");
        File.WriteAllText(script, $"""
            #!/bin/sh
            case " $* " in
            *" {command} "*)
                echo x >> {count}
                if [ "$(wc -l < {count})" -le {times} ]; then
                    echo "{error}" >&2
                    exit {exitCode}
                fi ;;
            esac
            exec git "$@"

            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        fixture.Options.Git = script;
    }
}
