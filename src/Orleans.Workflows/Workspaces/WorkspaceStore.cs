using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Workspaces;

/// <summary>
/// The records of this node's workspaces: <c>&lt;run&gt;/&lt;attempt&gt;.json</c>, beside the directory <c>&lt;run&gt;/&lt;attempt&gt;</c>
/// where the workspace is one of ours. Written whole and renamed, so that a crash leaves the old one or the new one.
/// </summary>
internal sealed class WorkspaceStore(IOptions<WorkspacesOptions> options)
{
    private const string Extension = ".json";
    private const string Unfinished = ".new";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new RunIdJson() },
    };

    public string Root => options.Value.Directory;

    public string RunDirectory(RunId run) => Path.Combine(Root, run.ToString());

    public string WorkDirectory(RunId run, int attempt) => Path.Combine(RunDirectory(run), attempt.ToString(CultureInfo.InvariantCulture));

    /// <summary>Oldest attempt first.</summary>
    public IReadOnlyList<Workspace> Of(RunId run)
    {
        try
        {
            return [.. Directory.EnumerateFiles(RunDirectory(run), "*" + Extension).Select(Read).OfType<Workspace>().OrderBy(workspace => workspace.Attempt)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public IReadOnlyList<RunId> Runs() => Directory.Exists(Root)
        ? [.. Directory.EnumerateDirectories(Root).Select(path => RunId.TryParse(Path.GetFileName(path), null, out var run) ? run : default).Where(run => run != default).Order()]
        : [];

    /// <summary>When a workspace of the run was made, or finished with; null when they have gone.</summary>
    public DateTimeOffset? LastUsed(RunId run)
    {
        try
        {
            return new[] { RunDirectory(run) }.Concat(Directory.EnumerateFiles(RunDirectory(run), "*" + Extension)).Max(path => new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero));
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>It was in use until now.</summary>
    public void Touch(Workspace workspace, DateTimeOffset now)
    {
        if (File.Exists(RecordPath(workspace)))
        {
            File.SetLastWriteTimeUtc(RecordPath(workspace), now.UtcDateTime);
        }
    }

    public void Write(Workspace workspace)
    {
        Directory.CreateDirectory(RunDirectory(workspace.Run), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var path = RecordPath(workspace);
        File.WriteAllText(path + Unfinished, JsonSerializer.Serialize(workspace, Json));
        File.Move(path + Unfinished, path, overwrite: true);
    }

    public void Delete(Workspace workspace)
    {
        File.Delete(RecordPath(workspace));
        DeleteIfEmpty(RunDirectory(workspace.Run));
    }

    /// <summary>Removes what a process that was killed meanwhile has left, of a run that nobody works for: a record half written, a directory whose record did not come to be. No agent was ever in such a one.</summary>
    public void Sweep(RunId run)
    {
        var directory = RunDirectory(run);
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var unfinished in Directory.EnumerateFiles(directory, "*" + Unfinished))
        {
            File.Delete(unfinished);
        }

        foreach (var unrecorded in Directory.EnumerateDirectories(directory).Where(path => !File.Exists(path + Extension)))
        {
            DeleteIfEmpty(unrecorded);
        }

        DeleteIfEmpty(directory);
    }

    private static void DeleteIfEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            Directory.Delete(directory);
        }
    }

    private string RecordPath(Workspace workspace) => WorkDirectory(workspace.Run, workspace.Attempt) + Extension;

    private static Workspace? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Workspace>(File.ReadAllText(path), Json);
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            // Never ours: ours are renamed into place whole.
            return null;
        }
    }

    private sealed class RunIdJson : JsonConverter<RunId>
    {
        public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => RunId.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
