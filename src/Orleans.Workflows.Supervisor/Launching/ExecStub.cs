using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Orleans.Workflows.Supervisor.Posix;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>
/// On the shared runtime, what runs between the supervisor's <c>posix_spawn</c> and the agent, in the agent's process: asks the kernel for SIGKILL
/// when the supervisor dies (only the process itself can ask), undoes what a .NET runtime does to signals and limits, and
/// executes the agent. An errno goes to descriptor 3, which closes itself when the agent is executed.
/// </summary>
[ExcludeFromCodeCoverage(Justification = "Its process becomes the agent, and what was counted goes with it.")]
internal static unsafe class ExecStub
{
    internal const string Argument = "--execute";
    internal const int StatusDescriptor = 3;
    internal const string Inherit = "-";

    private const int SetParentDeathSignal = 1;
    private const int OpenFiles = 7;
    private const int Core = 4;
    private const int CloseOnExec = 4;
    private const int SetMask = 2;

    /// <summary><c>--execute parentPid openFiles core program arguments…</c></summary>
    internal static string[] Arguments(int parent, long? openFiles, long? core, string program, IReadOnlyList<string> arguments) =>
        [Argument, Text(parent), Text(openFiles), Text(core), program, .. arguments];

    internal static int Run(string[] args)
    {
        if (args.Length < 5)
            return 64;

        // Also for the descriptors of this runtime.
        _ = Libc.CloseRange(StatusDescriptor, uint.MaxValue, CloseOnExec);
        if (Libc.ProcessControl(SetParentDeathSignal, Signals.Kill, 0, 0, 0) != 0)
            return Report(Marshal.GetLastPInvokeError());

        // The parent may have died before the line above: then nobody would send the signal.
        if (Libc.GetParentProcessId() != int.Parse(args[1], CultureInfo.InvariantCulture))
            return 1;

        Limit(OpenFiles, args[2], alsoHard: false);
        Limit(Core, args[3], alsoHard: true);
        for (var signal = 1; signal <= Signals.Last; signal++)
            _ = Libc.SetSignalHandler(signal, 0);
        var none = stackalloc ulong[16];
        _ = Libc.SetSignalMask(SetMask, none, null);

        return Report(Execute(args[4], args[4..]));
    }

    private static int Execute(string program, string[] arguments)
    {
        var environment = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        using var argv = new NativeStrings(arguments);
        var errno = Errno.NoEntry;
        foreach (var path in ProgramPaths.Of(program, Environment.GetEnvironmentVariable("PATH")))
        {
            if (ProgramPaths.IsFinal(ExecuteFile(path, argv, environment), ref errno))
                break;
        }

        return errno;
    }

    private static int ExecuteFile(string path, NativeStrings argv, byte** environment)
    {
        fixed (byte* file = Encoding.UTF8.GetBytes(path + '\0'))
            _ = Libc.Execute(file, argv.Pointer, environment);
        return Marshal.GetLastPInvokeError();
    }

    private static int Report(int errno)
    {
        _ = PosixFile.WriteAll(StatusDescriptor, new ReadOnlySpan<byte>(&errno, sizeof(int)));
        return 127;
    }

    private static void Limit(int resource, string value, bool alsoHard)
    {
        if (!ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit))
            return;
        var pair = stackalloc ulong[2];
        _ = Libc.GetLimit(resource, pair);
        pair[0] = Math.Min(limit, pair[1]);
        if (alsoHard)
            pair[1] = pair[0];
        _ = Libc.SetLimit(resource, pair);
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? Inherit;
}
