using System.Text.Json;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>The attempt's files as the supervisor writes them, in its working directory.</summary>
internal static class AttemptFolder
{
    private const int RetryMs = 250;

    internal static bool Has(string file) => Libc.Access(file, 0) == 0;

    internal static void WriteStarted() => WriteProcess(AttemptFiles.Started, ProcessIdentity.Of(Libc.GetProcessId())!);

    internal static void WriteAgent(int pid, long startTime) =>
        WriteProcess(AttemptFiles.Agent, new ProcessRecord { Pid = pid, StartTime = startTime, BootId = ProcessIdentity.BootId });

    internal static int OpenSpool(string file)
    {
        var descriptor = PosixFile.Open(file, Flags.WriteOnly | Flags.Create | Flags.Append);
        return descriptor >= 0 ? descriptor : throw new PosixException($"open {file}", -descriptor);
    }

    internal static byte[] Encode(ExitRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, ProtocolJson.Default.ExitRecord);

    /// <summary>
    /// Not synced here: whoever is connected hears of the end at once, and <see cref="Sync"/> follows. On a full disk it is
    /// tried until it works or <paramref name="giveUp"/> says otherwise.
    /// </summary>
    internal static unsafe void WriteExit(byte[] record, Func<bool> giveUp)
    {
        while (PosixFile.Replace(AttemptFiles.Exit, record, sync: false) is Errno.NoSpace or Errno.QuotaExceeded && !giveUp())
            _ = Libc.Poll(null, 0, RetryMs);
    }

    internal static void Sync(string file)
    {
        var descriptor = PosixFile.Open(file, Flags.ReadOnly);
        if (descriptor < 0)
            return;
        _ = Libc.Sync(descriptor);
        _ = Libc.Close(descriptor);
    }

    private static void WriteProcess(string file, ProcessRecord record)
    {
        var errno = PosixFile.Replace(file, JsonSerializer.SerializeToUtf8Bytes(record, ProtocolJson.Default.ProcessRecord), sync: false);
        if (errno != 0)
            throw new PosixException($"write {file}", errno);
    }
}
