namespace Orleans.Workflows.Agents.Tests;

/// <summary>A recorded stream of the real CLI.</summary>
internal static class Transcript
{
    private static string Directory => Path.Join(AppContext.BaseDirectory, "Transcripts");

    public static IReadOnlyList<string> Names { get; } =
        [.. System.IO.Directory.EnumerateFiles(Directory, "claude-*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)["claude-".Length..]).Order(StringComparer.Ordinal)];

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Join(Directory, $"claude-{name}.jsonl"));
}
