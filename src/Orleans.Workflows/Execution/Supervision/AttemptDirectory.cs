using System.Globalization;
using System.Text.Json;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>
/// An attempt's files on its node: <c>attempts/&lt;run&gt;-&lt;attempt&gt;/</c>, readable by this user only. It outlives both the
/// silo and the supervisor.
/// </summary>
internal sealed record AttemptDirectory
{
    private const string Folder = "attempts";
    private const uint OwnerOnly = 0x1C0; // 0700

    private AttemptDirectory(string path, Guid run, int attempt) => (Path, Run, Attempt) = (path, run, attempt);

    public string Path { get; }

    public Guid Run { get; }

    public int Attempt { get; }

    /// <summary>The value of <see cref="EnvironmentSweep.Marker"/> in this attempt's processes.</summary>
    public string MarkerValue => string.Create(CultureInfo.InvariantCulture, $"{Run:N}/{Attempt}");

    /// <summary>The spool; no such file until the agent says something.</summary>
    public string StdoutPath => File(AttemptFiles.Stdout);

    /// <summary>As <see cref="StdoutPath"/>.</summary>
    public string StderrPath => File(AttemptFiles.Stderr);

    internal static AttemptDirectory Of(string nodeDirectory, Guid run, int attempt) => new(
        System.IO.Path.Combine(System.IO.Path.GetFullPath(nodeDirectory), Folder, string.Create(CultureInfo.InvariantCulture, $"{run:N}-{attempt}")),
        run,
        attempt);

    /// <summary>All attempts whose files are on this node, oldest name first. Foreign names are skipped.</summary>
    internal static IReadOnlyList<AttemptDirectory> All(string nodeDirectory)
    {
        var folder = System.IO.Path.Combine(nodeDirectory, Folder);
        if (!Directory.Exists(folder))
            return [];
        var found = new List<AttemptDirectory>();
        foreach (var path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = System.IO.Path.GetFileName(path);
            if (name.Length > 33 && name[32] == '-'
                && Guid.TryParseExact(name[..32], "N", out var run)
                && int.TryParse(name[33..], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt))
            {
                found.Add(new AttemptDirectory(System.IO.Path.GetFullPath(path), run, attempt));
            }
        }

        return found;
    }

    /// <summary>Makes the directory: it says that the attempt is about to be started. Not synced: it outlives every process, and after a crash of the machine only the ledger counts.</summary>
    /// <exception cref="InvalidOperationException">The attempt was started before.</exception>
    internal void Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        if (Libc.MakeDirectory(Path, OwnerOnly) != 0)
        {
            var errno = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (errno == Errno.Exists)
                throw new InvalidOperationException($"Attempt {MarkerValue} was started before: {Path} exists.");
            throw new PosixException($"mkdir {Path}", errno);
        }
    }

    /// <summary>Null until a supervisor has begun.</summary>
    internal ProcessRecord? ReadSupervisor() => ReadProcess(AttemptRecord.Supervisor);

    /// <summary>Null until the agent is executed.</summary>
    internal ProcessRecord? ReadAgent() => ReadProcess(AttemptRecord.Agent);

    /// <summary>How it ended, or null: it hasn't, or its supervisor was lost.</summary>
    internal ExitRecord? ReadExit() => Read(AttemptRecord.Exit, json => ExitRecordJson.Decode(json));

    /// <summary>The ids of the messages that its agent got.</summary>
    internal IEnumerable<Guid> ReadTold()
    {
        try
        {
            return [.. System.IO.File.ReadAllLines(File(AttemptFiles.Told)).Select(line => Guid.TryParse(line, out var id) ? id : Guid.Empty).Where(id => id != Guid.Empty)];
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <summary>It has a record of its end, readable or not.</summary>
    internal bool HasEnded => Line(AttemptRecord.Exit) is not null;

    /// <summary>A supervisor was about to execute it, or found that it must not.</summary>
    internal bool HasStarted => System.IO.File.Exists(File(AttemptFiles.Record));

    /// <summary>Its supervisor found processes that live on after SIGKILL: it alone can prove their end, so it must not be killed.</summary>
    internal bool HasLingered => System.IO.File.Exists(File(AttemptFiles.Lingering));

    internal bool IsVoid => System.IO.File.Exists(File(AttemptFiles.Void));

    /// <summary>Null while a supervisor lives. Holding it keeps any from starting.</summary>
    internal FileLock? TryLock() => Directory.Exists(Path) ? FileLock.TryTake(Path) : throw new DirectoryNotFoundException(Path);

    /// <summary>
    /// For an adopter that finds an attempt not started: from now on no supervisor executes it, however late it comes. False
    /// when a supervisor holds the attempt, or held it.
    /// </summary>
    internal bool TryVoid()
    {
        using var held = TryLock();
        if (held is null || HasStarted)
            return false;
        WriteVoid();
        return true;
    }

    /// <summary>For the holder of the lock.</summary>
    internal void WriteVoid()
    {
        var errno = PosixFile.Append(File(AttemptFiles.Void), [], sync: true);
        if (errno != 0)
            throw new PosixException($"write {File(AttemptFiles.Void)}", errno);
    }

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    private ProcessRecord? ReadProcess(ReadOnlySpan<byte> name) => Read(name, json => ProcessRecordJson.Decode(json));

    private T? Read<T>(ReadOnlySpan<byte> name, Func<ReadOnlyMemory<byte>, T> decode)
        where T : class
    {
        try
        {
            return Line(name) is { } json ? decode(json) : null;
        }
        catch (JsonException)
        {
            // A power cut can leave a file's length without its content: then there is no record.
            return null;
        }
    }

    private ReadOnlyMemory<byte>? Line(ReadOnlySpan<byte> name)
    {
        var record = new byte[AttemptRecord.MaximumBytes];
        return PosixFile.Read(File(AttemptFiles.Record), record) is { } length ? AttemptRecord.Find(record.AsMemory(0, length), name) : null;
    }
}
