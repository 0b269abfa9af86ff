using System.Runtime.InteropServices;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>The system calls of <see cref="DirectSpawn"/>'s child: bound at link time and called without telling the runtime.</summary>
internal static unsafe partial class ChildCalls
{
    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "prctl"), SuppressGCTransition]
    internal static partial int ProcessControl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport(Library, EntryPoint = "getppid"), SuppressGCTransition]
    internal static partial int GetParentProcessId();

    [LibraryImport(Library, EntryPoint = "chdir"), SuppressGCTransition]
    internal static partial int ChangeDirectory(byte* path);

    [LibraryImport(Library, EntryPoint = "setsid"), SuppressGCTransition]
    internal static partial int NewSession();

    [LibraryImport(Library, EntryPoint = "dup2"), SuppressGCTransition]
    internal static partial int Duplicate(int from, int to);

    [LibraryImport(Library, EntryPoint = "close_range"), SuppressGCTransition]
    internal static partial int CloseRange(uint first, uint last, int flags);

    [LibraryImport(Library, EntryPoint = "getrlimit"), SuppressGCTransition]
    internal static partial int GetLimit(int resource, ulong* softAndHard);

    [LibraryImport(Library, EntryPoint = "setrlimit"), SuppressGCTransition]
    internal static partial int SetLimit(int resource, ulong* softAndHard);

    [LibraryImport(Library, EntryPoint = "signal"), SuppressGCTransition]
    internal static partial nint SetSignalHandler(int signal, nint handler);

    [LibraryImport(Library, EntryPoint = "pthread_sigmask"), SuppressGCTransition]
    internal static partial int SetSignalMask(int how, ulong* mask, ulong* previous);

    [LibraryImport(Library, EntryPoint = "execve"), SuppressGCTransition]
    internal static partial int Execute(byte* path, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "__errno_location"), SuppressGCTransition]
    internal static partial int* ErrnoLocation();
}
