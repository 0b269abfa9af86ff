namespace Orleans.Workflows.Chaos.Checking.Reading;

/// <summary>Finds what runs left below the nodes' state directories.</summary>
internal static class FileReader
{
    private const int IdLength = 32;
    private static readonly string[] Folders = ["attempts", "homes", "workspaces"];

    /// <param name="stateDirectories">Of the nodes.</param>
    /// <param name="keptFor">How long an entry may stay after its run's end.</param>
    public static IReadOnlyList<LeftFile> Left(IReadOnlyList<string> stateDirectories, TimeSpan keptFor)
    {
        var left = new List<LeftFile>();
        foreach (var folder in stateDirectories.SelectMany(_ => Folders, Path.Combine).Where(Directory.Exists))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(folder))
            {
                var name = Path.GetFileName(path);
                if (name.Length >= IdLength && Guid.TryParseExact(name[..IdLength], "N", out var run))
                {
                    left.Add(new(path, run, keptFor));
                }
                else if (Guid.TryParse(name, out run))
                {
                    left.Add(new(path, run, keptFor));
                }
            }
        }

        return left;
    }
}
