using Orleans.Workflows.Runs;
using System.Globalization;

namespace Orleans.Workflows.Workspaces.Git;

/// <summary>Reads git's machine-readable lists.</summary>
internal static class GitChanges
{
    /// <summary>Arguments that compare without starting anything that the repository names.</summary>
    public static readonly string[] Arguments = ["diff", "--no-ext-diff", "--no-textconv", "--no-renames", "--no-color", "--ignore-submodules=dirty", "--raw", "--numstat", "-z"];

    /// <summary>
    /// Parses <c>--raw --numstat -z</c>: first <c>:100644 100644 aaaa bbbb M␀path␀</c> for every file, then
    /// <c>3⇥1⇥path␀</c> (<c>-⇥-⇥path␀</c> for binary ones).
    /// </summary>
    public static List<ChangedFile> Parse(string output)
    {
        var files = new List<ChangedFile>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var parts = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        for (var at = 0; at < parts.Length; at++)
        {
            if (parts[at].StartsWith(':') && at + 1 < parts.Length)
            {
                var status = parts[at].Split(' ') is { Length: >= 5 } fields ? fields[4] : "";
                places[parts[++at]] = files.Count;
                files.Add(new ChangedFile(parts[at], Word(status), null, null));
            }
            else if (parts[at].Split('\t', 3) is { Length: 3 } counts && places.TryGetValue(counts[2], out var place))
            {
                files[place] = files[place] with { Added = Count(counts[0]), Removed = Count(counts[1]) };
            }
        }
        return files;
    }

    private static int? Count(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static string Word(string status) => status.Length == 0 ? "modified" : status[0] switch { 'A' => "added", 'D' => "deleted", 'T' => "type_changed", _ => "modified" };
}
