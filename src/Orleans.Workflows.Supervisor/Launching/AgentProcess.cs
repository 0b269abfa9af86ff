using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Orleans.Workflows.Supervisor.Posix;
using Orleans.Workflows.Supervisor.Protocol;

namespace Orleans.Workflows.Supervisor.Launching;

/// <summary>
/// The agent's process and our ends of its pipes, all non-blocking. Where there is a <see cref="Status"/>, the process is
/// still <see cref="ExecStub"/> until that reaches its end. It must be started by the main thread: its SIGKILL at our death is bound to that thread.
/// </summary>
internal sealed class AgentProcess
{
    private const int Executable = 1;

    private int _status;

    private AgentProcess(int pid, int stdin, int stdout, int stderr, int status)
    {
        (Pid, Stdin, Stdout, Stderr, _status) = (pid, stdin, stdout, stderr, status);
        StartTime = ProcessIdentity.StartTime(pid) ?? 0;
    }

    internal int Pid { get; }

    internal long StartTime { get; }

    internal int Stdin { get; }

    internal int Stdout { get; }

    internal int Stderr { get; }

    /// <summary>Four bytes of errno if executing failed; nothing if it succeeded. -1 once that is known.</summary>
    internal int Status => _status;

    /// <exception cref="LaunchFailedException">Nothing was started.</exception>
    internal static AgentProcess Start(LaunchSpec spec)
    {
        var environment = new List<string>(spec.Environment.Count);
        foreach (var (name, value) in spec.Environment)
            environment.Add($"{name}={value}");
        if (SelfProgram.IsNative)
            return StartDirectly(spec, environment);

        CheckDirectory(spec.WorkingDirectory);
        if (DeathSignalProgram.TryBuild(spec) is { } command && Start(spec, command, environment) is { } agent)
        {
            if (DeathSignalProgram.WaitUntilExecuted(agent.Pid))
            {
                agent.CloseStatus();
                return agent;
            }

            agent.Abandon();
        }

        command = [.. SelfProgram.Command(), .. ExecStub.Arguments(Libc.GetProcessId(), spec.OpenFilesLimit, spec.CoreLimitBytes, spec.Program, spec.Arguments)];
        return Start(spec, command, environment);
    }

    /// <summary>Null while unknown, 0 once the agent is executed, or the errno.</summary>
    internal int? ReadStatus()
    {
        Span<byte> errno = stackalloc byte[sizeof(int)];
        var count = Descriptors.Read(_status, errno);
        if (count == -Errno.Again)
            return null;
        CloseStatus();
        return count == sizeof(int) ? MemoryMarshal.Read<int>(errno) : 0;
    }

    [ExcludeFromCodeCoverage(Justification = "As DirectSpawn.")]
    private static unsafe AgentProcess StartDirectly(LaunchSpec spec, List<string> environment)
    {
        using var directory = new NativeStrings([spec.WorkingDirectory]);
        using var programs = new NativeStrings(ProgramPaths.Of(spec.Program, spec.Environment.GetValueOrDefault("PATH")));
        using var argv = new NativeStrings([spec.Program, .. spec.Arguments]);
        using var envp = new NativeStrings(environment);
        var stdin = Descriptors.Pipe();
        var stdout = Descriptors.Pipe();
        var stderr = Descriptors.Pipe();
        var plan = new SpawnPlan
        {
            Parent = Libc.GetProcessId(),
            Stdin = stdin.Read,
            Stdout = stdout.Write,
            Stderr = stderr.Write,
            Directory = directory.Pointer[0],
            Programs = programs.Pointer,
            Arguments = argv.Pointer,
            Environment = envp.Pointer,
            OpenFiles = (ulong?)spec.OpenFilesLimit ?? SpawnPlan.Inherit,
            Core = (ulong?)spec.CoreLimitBytes ?? SpawnPlan.Inherit,
        };
        var pid = DirectSpawn.Start(ref plan);
        Descriptors.Close(ref stdin.Read);
        Descriptors.Close(ref stdout.Write);
        Descriptors.Close(ref stderr.Write);
        if (pid == 0)
            throw new LaunchFailedException(plan.DirectoryFailed != 0 ? LaunchStage.Directory : StageOf(plan.Errno), plan.Errno);

        Descriptors.SetNonBlocking(stdin.Write);
        Descriptors.SetNonBlocking(stdout.Read);
        Descriptors.SetNonBlocking(stderr.Read);
        return new AgentProcess(pid, stdin.Write, stdout.Read, stderr.Read, status: -1);
    }

    // clone's EAGAIN is the process limit, and so is execve's after a change of user.
    private static LaunchStage StageOf(int errno) => errno is Errno.Again or Errno.ArgumentsTooLong ? LaunchStage.Spawn : LaunchStage.Execute;

    private static AgentProcess Start(LaunchSpec spec, string[] command, List<string> environment)
    {
        var stdin = Descriptors.Pipe();
        var stdout = Descriptors.Pipe();
        var stderr = Descriptors.Pipe();
        var status = Descriptors.Pipe();
        using var spawn = new PosixSpawn();
        spawn.ChangeDirectory(spec.WorkingDirectory)
            .Duplicate(stdin.Read, 0)
            .Duplicate(stdout.Write, 1)
            .Duplicate(stderr.Write, 2);
        if (DeathSignalProgram.Is(command))
            spawn.CloseFrom(ExecStub.StatusDescriptor);
        else
            spawn.Duplicate(status.Write, ExecStub.StatusDescriptor).CloseFrom(ExecStub.StatusDescriptor + 1);

        var errno = spawn.Start(command[0], command, environment, out var pid);
        Descriptors.Close(ref stdin.Read);
        Descriptors.Close(ref stdout.Write);
        Descriptors.Close(ref stderr.Write);
        Descriptors.Close(ref status.Write);
        if (errno != 0)
            throw new LaunchFailedException(LaunchStage.Spawn, errno);

        Descriptors.SetNonBlocking(stdin.Write);
        Descriptors.SetNonBlocking(stdout.Read);
        Descriptors.SetNonBlocking(stderr.Read);
        Descriptors.SetNonBlocking(status.Read);
        return new AgentProcess(pid, stdin.Write, stdout.Read, stderr.Read, status.Read);
    }

    private static void CheckDirectory(string path)
    {
        if (!Directory.Exists(path))
            throw new LaunchFailedException(LaunchStage.Directory, File.Exists(path) ? Errno.NotDirectory : Errno.NoEntry);
        if (Libc.Access(path, Executable) != 0)
            throw new LaunchFailedException(LaunchStage.Directory, Marshal.GetLastPInvokeError());
    }

    private void CloseStatus() => Descriptors.Close(ref _status);

    /// <summary>Forgets a process that never became the agent; what it wrote was about itself.</summary>
    private unsafe void Abandon()
    {
        int status;
        _ = Libc.Wait(Pid, &status, Flags.AllChildren, null);
        foreach (var descriptor in (ReadOnlySpan<int>)[Stdin, Stdout, Stderr])
            _ = Libc.Close(descriptor);
        CloseStatus();
    }
}
