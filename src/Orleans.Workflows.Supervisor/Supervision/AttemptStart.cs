using Orleans.Workflows.Supervisor.Launching;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Supervision;

/// <summary>
/// From the first instruction to the agent: launch, lock, void, lease, its record, and only then execute. Whatever stops
/// it before leaves nothing running. It may wait for its launch as long as the silo lives.
/// </summary>
internal static class AttemptStart
{
    private const int SetChildSubreaper = 36;
    private const int LockTries = 100;
    private const int LockRetryMs = 5;

    internal static unsafe int Run()
    {
        _ = Libc.SetSignalHandler(Signals.Pipe, 1);
        _ = Libc.SetSignalHandler(Signals.HangUp, 1);
        _ = Libc.SetSignalHandler(Signals.Interrupt, 1);
        _ = Libc.FileModeMask(0x3F /* 077 */);
        if (Libc.ProcessControl(SetChildSubreaper, 1, 0, 0, 0) != 0)
            throw PosixException.Last("prctl");

        var silo = ControlSocket.FromStandardInput();
        if (ReadLaunch(silo) is not var (directory, spec))
            return (int)StartRefusal.NoLaunch;
        AttemptFolder.Enter(directory);

        // An adopter holds the lock only while it writes the void; another supervisor keeps it.
        FileLock? held;
        for (var tries = 0; (held = FileLock.TryTake(".")) is null; tries++)
        {
            if (tries == LockTries)
                return (int)StartRefusal.Locked;
            _ = Libc.Poll(null, 0, LockRetryMs);
        }

        if (AttemptFolder.Has(AttemptFiles.Record))
            return (int)StartRefusal.AlreadyStarted;

        if (AttemptFolder.Has(AttemptFiles.Void))
            return EndUnstarted(silo, ExitCause.Voided);
        if (spec.LeaseDeadlineMs <= BootClock.Milliseconds)
            return EndUnstarted(silo, ExitCause.Lease);

        AttemptFolder.WriteStarted();
        var loop = new AttemptLoop(spec, silo);
        loop.Run();
        GC.KeepAlive(held);
        return 0;
    }

    private static unsafe (string Directory, LaunchSpec Spec)? ReadLaunch(ControlConnection silo)
    {
        while (!silo.IsClosed)
        {
            silo.Receive();
            if (silo.TryRead(out var frame))
                return frame.Kind == FrameKind.Launch ? (frame.Id, LaunchFields.Decode(frame.Bytes.Span)) : null;
            if (silo.IsClosed)
                break;
            var entry = new PollEntry { Descriptor = silo.Descriptor, Events = PollEntry.Readable };
            _ = Libc.Poll(&entry, 1, -1);
        }

        return null;
    }

    private static unsafe int EndUnstarted(ControlConnection silo, ExitCause cause)
    {
        var (unix, boot) = (BootClock.UnixMilliseconds, BootClock.Milliseconds);
        var record = ExitRecordJson.Encode(new ExitRecord
        {
            Cause = cause,
            StartedAtUnixMs = unix,
            StartedAtBootMs = boot,
            EndedAtUnixMs = unix,
            EndedAtBootMs = boot,
            ProvenGone = true,
        });
        var isWritten = AttemptFolder.TryWriteExit(record);
        silo.Send(Frame.Encode(FrameKind.Exited, bytes: record));
        while (!isWritten)
        {
            _ = Libc.Poll(null, 0, AttemptFolder.RetryMs);
            isWritten = AttemptFolder.TryWriteExit(record);
        }

        AttemptFolder.Sync(AttemptFiles.Record);
        return 0;
    }
}
