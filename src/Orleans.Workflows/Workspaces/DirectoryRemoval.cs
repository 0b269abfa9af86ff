namespace Orleans.Workflows.Workspaces;

/// <summary>Deletes a tree that an agent wrote: never through a link, and past directories that it made unwritable.</summary>
internal static class DirectoryRemoval
{
    public static void Delete(string path)
    {
        var directory = new DirectoryInfo(path);
        if (directory.LinkTarget is not null)
        {
            directory.Delete();
            return;
        }
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already, which is what was wanted.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            MakeWritable(directory);
            Directory.Delete(path, recursive: true);
        }
    }

    private static void MakeWritable(DirectoryInfo directory)
    {
        directory.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        foreach (var child in directory.EnumerateDirectories().Where(child => child.LinkTarget is null))
        {
            MakeWritable(child);
        }
    }
}
