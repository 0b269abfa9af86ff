using System.Text;
using Orleans.Workflows.Workspaces;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>The files of one workflow's folder, read with bounds and never through a link that leads out of it.</summary>
internal sealed class WorkflowFolder(string path, string root, ProblemSink problems)
{
    public const int FileLimit = 1024 * 1024;

    /// <summary>The file's text; null when it is absent or, with a problem noted, unreadable.</summary>
    public string? Read(string file)
    {
        var content = RegularFile.Read(Path.Combine(path, file), FileLimit, root);
        if (content.Missing)
        {
            return null;
        }
        if (content.Problem is { } problem)
        {
            problems.Add(file, Position.None, null, $"The file {file} {problem}.", $"Make it a regular file in the workflow's folder of at most {FileLimit / 1024} KB that the server can read.");
            return null;
        }
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content.Bytes).TrimStart('\uFEFF');
            if (text.IndexOf('\0', StringComparison.Ordinal) is >= 0 and var zero)
            {
                problems.Add(file, Position.OfOffset(text, zero), null, "The file holds the character U+0000.", "Remove it.");
                return null;
            }
            return text;
        }
        catch (DecoderFallbackException)
        {
            problems.Add(file, Position.None, null, $"The file {file} is not UTF-8 text.", "Save it as UTF-8.");
            return null;
        }
    }

    public SourceNode? ReadYaml(string file) => Parse(file, YamlSource.Read);

    public SourceNode? ReadJson(string file) => Parse(file, JsonSource.Read);

    private SourceNode? Parse(string file, Func<string, SourceNode?> parse)
    {
        try
        {
            return Read(file) is { } text ? parse(text) : null;
        }
        catch (SourceException e)
        {
            problems.Add(file, e.At, null, e.Message, e.Remedy);
            return null;
        }
    }
}
