using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>
/// What <c>posix_spawn</c> does, and what it can't: SIGKILL for the child when we die, and an errno with its cause. The child
/// borrows our memory, and this thread stands still until it has executed (CLONE_VM | CLONE_VFORK), so <see cref="Become"/>
/// makes system calls only: no allocation, no lock, nothing that a collection waits for. Native builds only, where a method
/// that was compiled ahead can be a child's first; it saves each attempt the start of a second runtime (<see cref="ExecStub"/>).
/// </summary>
[ExcludeFromCodeCoverage(Justification = "Runs in the native program only, which nothing can count.")]
internal static unsafe class DirectSpawn
{
    private const int StackBytes = 128 << 10;
    private const int SharedMemory = 0x100;
    private const int SuspendedParent = 0x4000;
    private const int SetParentDeathSignal = 1;
    private const int SetMask = 2;
    private const int OpenFiles = 7;
    private const int Core = 4;

    /// <summary>Returns the pid of a child that has executed, or 0 with the errno in the plan.</summary>
    internal static int Start(ref SpawnPlan plan)
    {
        var stack = (byte*)NativeMemory.AlignedAlloc(StackBytes, 16);
        var all = stackalloc ulong[16];
        var previous = stackalloc ulong[16];
        new Span<ulong>(all, 16).Fill(ulong.MaxValue);

        // A handler of ours must not run in the child, on memory that is ours.
        _ = Libc.SetSignalMask(SetMask, all, previous);
        int pid;
        fixed (SpawnPlan* shared = &plan)
        {
            pid = Libc.Clone(&Become, stack + StackBytes, SharedMemory | SuspendedParent | Signals.Child, shared);
            if (pid < 0)
                plan.Errno = Marshal.GetLastPInvokeError();
        }

        _ = Libc.SetSignalMask(SetMask, previous, null);
        NativeMemory.AlignedFree(stack);
        if (pid > 0 && plan.Errno != 0)
        {
            int status;
            _ = Libc.Wait(pid, &status, Flags.AllChildren, null);
        }

        return plan.Errno == 0 ? pid : 0;
    }

    [UnmanagedCallersOnly]
    private static int Become(void* argument)
    {
        var plan = (SpawnPlan*)argument;

        // The parent may have died before it could be asked for: then nobody would send the signal.
        if (ChildCalls.ProcessControl(SetParentDeathSignal, Signals.Kill, 0, 0, 0) != 0
            || ChildCalls.GetParentProcessId() != plan->Parent)
        {
            plan->Errno = Errno.NoProcess;
            return 127;
        }

        if (ChildCalls.ChangeDirectory(plan->Directory) != 0)
        {
            plan->Errno = *ChildCalls.ErrnoLocation();
            plan->DirectoryFailed = 1;
            return 127;
        }

        _ = ChildCalls.NewSession();
        _ = ChildCalls.Duplicate(plan->Stdin, 0);
        _ = ChildCalls.Duplicate(plan->Stdout, 1);
        _ = ChildCalls.Duplicate(plan->Stderr, 2);
        _ = ChildCalls.CloseRange(3, uint.MaxValue, 0);
        Limit(OpenFiles, plan->OpenFiles, alsoHard: false);
        Limit(Core, plan->Core, alsoHard: true);
        for (var signal = 1; signal <= Signals.Last; signal++)
            _ = ChildCalls.SetSignalHandler(signal, 0);
        var none = stackalloc ulong[16];
        _ = ChildCalls.SetSignalMask(SetMask, none, null);

        var errno = Errno.NoEntry;
        for (var program = plan->Programs; *program != null; program++)
        {
            _ = ChildCalls.Execute(*program, plan->Arguments, plan->Environment);
            if (ProgramPaths.IsFinal(*ChildCalls.ErrnoLocation(), ref errno))
                break;
        }

        plan->Errno = errno;
        return 127;
    }

    private static void Limit(int resource, ulong limit, bool alsoHard)
    {
        if (limit == SpawnPlan.Inherit)
            return;
        var pair = stackalloc ulong[2];
        _ = ChildCalls.GetLimit(resource, pair);
        pair[0] = limit < pair[1] ? limit : pair[1];
        if (alsoHard)
            pair[1] = pair[0];
        _ = ChildCalls.SetLimit(resource, pair);
    }
}
