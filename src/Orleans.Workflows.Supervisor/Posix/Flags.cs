namespace Orleans.Workflows.Supervisor.Posix;

/// <summary><c>open</c>, <c>fcntl</c> and <c>flock</c> flags that x64 and arm64 share.</summary>
internal static class Flags
{
    internal const int ReadOnly = 0;
    internal const int WriteOnly = 0x1;
    internal const int ReadWrite = 0x2;
    internal const int Create = 0x40;
    internal const int Exclusive = 0x80;
    internal const int Truncate = 0x200;
    internal const int Append = 0x400;
    internal const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;

    internal const int SeekEnd = 2;

    internal const int SetDescriptorFlags = 2;
    internal const int DescriptorCloseOnExec = 1;
    internal const int SetStatusFlags = 4;

    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;

    internal const int UnixDomain = 1;
    internal const int Stream = 1;

    internal const int NoHang = 1;
    internal const int AllChildren = 0x40000000;
}
