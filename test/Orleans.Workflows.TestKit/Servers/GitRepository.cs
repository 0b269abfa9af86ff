using Orleans.Workflows.TestKit.Programs;

namespace Orleans.Workflows.TestKit.Servers;

/// <summary>A real git repository with one commit on <c>main</c>, in a directory that its user removes.</summary>
public sealed class GitRepository
{
    private GitRepository(string path) => Path = path;

    public string Path { get; }

    public static async Task<GitRepository> CreateAsync(string path)
    {
        var repository = new GitRepository(Directory.CreateDirectory(path).FullName);
        await repository.GitAsync("init", "--quiet", "--initial-branch=main");
        await File.WriteAllTextAsync(System.IO.Path.Combine(path, "readme.txt"), "one\ntwo\n");
        await repository.GitAsync("add", "-A");
        await repository.GitAsync("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "--quiet", "-m", "first");
        return repository;
    }

    /// <summary>Runs git in it and returns what it prints.</summary>
    public async Task<string> GitAsync(params string[] arguments)
    {
        var result = await RunningProgram.RunAsync("git", arguments, Path);
        return result.ExitCode == 0 ? result.Output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {result}");
    }
}
