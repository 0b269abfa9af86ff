using System.Text;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>The attempt's files as the supervisor writes them, in its working directory.</summary>
internal static class AttemptFolder
{
    /// <summary>How often a full disk is tried again.</summary>
    internal const int RetryMs = 250;

    private static bool _isEntered;

    /// <summary>Makes the attempt's directory the working directory; before that there is none to write to.</summary>
    internal static void Enter(string path)
    {
        if (Libc.ChangeDirectory(path) != 0)
            throw PosixException.Last($"chdir {path}");
        _isEntered = true;
    }

    internal static bool Has(string file) => Libc.Access(file, 0) == 0;

    internal static void WriteStarted()
    {
        var self = ProcessRecordJson.Encode(ProcessIdentity.Of(Libc.GetProcessId())!);
        var errno = PosixFile.Append(AttemptFiles.Record, AttemptRecord.Line(AttemptRecord.Supervisor, self));
        if (errno != 0)
            throw new PosixException($"write {AttemptFiles.Record}", errno);
    }

    /// <summary>On a full disk it is left out: it serves people, and adopters that find no supervisor.</summary>
    internal static void AddAgent(int pid, long startTime)
    {
        var agent = ProcessRecordJson.Encode(new ProcessRecord { Pid = pid, StartTime = startTime, BootId = ProcessIdentity.BootId });
        _ = PosixFile.Append(AttemptFiles.Record, AttemptRecord.Line(AttemptRecord.Agent, agent));
    }

    /// <summary>On a full disk it is left out: then the answer over the control connection counts alone.</summary>
    internal static void AddTold(string id) => _ = PosixFile.Append(AttemptFiles.Told, Encoding.UTF8.GetBytes(id + "\n"));

    /// <summary>On a full disk it may be missing: then what was told over the control connection counts alone.</summary>
    internal static void MarkLingering() => _ = PosixFile.Append(AttemptFiles.Lingering, []);

    internal static void AddLog(string text)
    {
        if (_isEntered)
            _ = PosixFile.Append(AttemptFiles.Log, Encoding.UTF8.GetBytes(text + "\n"));
    }

    /// <summary>
    /// Not synced here: whoever is connected hears of the end at once, and <see cref="Sync"/> follows. False on a full disk:
    /// it is to be tried again.
    /// </summary>
    internal static bool TryWriteExit(byte[] record) =>
        PosixFile.Append(AttemptFiles.Record, AttemptRecord.Line(AttemptRecord.Exit, record)) is not (Errno.NoSpace or Errno.QuotaExceeded);

    internal static void Sync(string file)
    {
        var descriptor = PosixFile.Open(file, Flags.ReadOnly);
        if (descriptor < 0)
            return;
        _ = Libc.Sync(descriptor);
        _ = Libc.Close(descriptor);
    }
}
