using System.Buffers.Binary;
using System.Text;

namespace Orleans.Workflows.Supervisor.Protocol;

/// <summary>
/// A <see cref="LaunchSpec"/> as the bytes of <see cref="FrameKind.Launch"/>: fields in any order, each a u8 number, the u32
/// length of its value and the value (text as UTF-8, a number as i64, all little endian). Null is left out. An unknown field
/// is skipped and an absent one has its default, so that either side may be newer.
/// <example>Program "sh" and OpenFilesLimit 200: <c>01 | 02000000 | 7368   0f | 08000000 | c800000000000000</c></example>
/// </summary>
internal static class LaunchFields
{
    private const int Header = 1 + sizeof(int);

    // On the wire: never reused.
    private const byte Program = 1;
    private const byte Argument = 2;
    private const byte VariableName = 3;
    private const byte VariableValue = 4;
    private const byte WorkingDirectory = 5;
    private const byte StandardInput = 6;
    private const byte KeepStandardInputOpen = 7;
    private const byte StdoutLimit = 8;
    private const byte StderrLimit = 9;
    private const byte Interrupt = 10;
    private const byte InterruptGraceMs = 11;
    private const byte StdinCloseGraceMs = 12;
    private const byte TermGraceMs = 13;
    private const byte LeaseDeadlineMs = 14;
    private const byte OpenFilesLimit = 15;
    private const byte CoreLimitBytes = 16;
    private const byte MemoryLimit = 17;

    internal static byte[] Encode(LaunchSpec spec)
    {
        var bytes = new List<byte>(1024);
        Add(bytes, Program, spec.Program);
        foreach (var argument in spec.Arguments)
            Add(bytes, Argument, argument);
        foreach (var (name, value) in spec.Environment)
        {
            Add(bytes, VariableName, name);
            Add(bytes, VariableValue, value);
        }

        Add(bytes, WorkingDirectory, spec.WorkingDirectory);
        Add(bytes, StandardInput, spec.StandardInput);
        Add(bytes, KeepStandardInputOpen, spec.KeepStandardInputOpen ? 1 : 0);
        Add(bytes, StdoutLimit, spec.StdoutLimit);
        Add(bytes, StderrLimit, spec.StderrLimit);
        Add(bytes, Interrupt, spec.Interrupt);
        Add(bytes, InterruptGraceMs, spec.InterruptGraceMs);
        Add(bytes, StdinCloseGraceMs, spec.StdinCloseGraceMs);
        Add(bytes, TermGraceMs, spec.TermGraceMs);
        Add(bytes, LeaseDeadlineMs, spec.LeaseDeadlineMs);
        Add(bytes, OpenFilesLimit, spec.OpenFilesLimit);
        Add(bytes, CoreLimitBytes, spec.CoreLimitBytes);
        Add(bytes, MemoryLimit, spec.MemoryLimit);
        return [.. bytes];
    }

    /// <exception cref="InvalidDataException">The bytes are no launch.</exception>
    internal static LaunchSpec Decode(ReadOnlySpan<byte> bytes)
    {
        string? program = null;
        string? directory = null;
        var variable = "";
        var arguments = new List<string>();
        var environment = new Dictionary<string, string>();
        byte[]? input = null;
        byte[]? interrupt = null;
        var keepOpen = false;
        var (stdoutLimit, stderrLimit) = (LaunchSpec.DefaultStdoutLimit, LaunchSpec.DefaultStderrLimit);
        int interruptGrace = LaunchSpec.DefaultGraceMs, stdinGrace = LaunchSpec.DefaultGraceMs, termGrace = LaunchSpec.DefaultGraceMs;
        long? lease = null;
        long? openFiles = null;
        long? core = null;
        long? memory = null;
        while (TryTake(ref bytes, out var field, out var value))
        {
            switch (field)
            {
                case Program: program = Text(value); break;
                case Argument: arguments.Add(Text(value)); break;
                case VariableName: variable = Text(value); break;
                case VariableValue: environment[variable] = Text(value); break;
                case WorkingDirectory: directory = Text(value); break;
                case StandardInput: input = value.ToArray(); break;
                case KeepStandardInputOpen: keepOpen = Number(value) != 0; break;
                case StdoutLimit: stdoutLimit = Number(value); break;
                case StderrLimit: stderrLimit = Number(value); break;
                case Interrupt: interrupt = value.ToArray(); break;
                case InterruptGraceMs: interruptGrace = (int)Number(value); break;
                case StdinCloseGraceMs: stdinGrace = (int)Number(value); break;
                case TermGraceMs: termGrace = (int)Number(value); break;
                case LeaseDeadlineMs: lease = Number(value); break;
                case OpenFilesLimit: openFiles = Number(value); break;
                case CoreLimitBytes: core = Number(value); break;
                case MemoryLimit: memory = Number(value); break;
            }
        }

        return new LaunchSpec
        {
            Program = program ?? throw new InvalidDataException("A launch without a program."),
            WorkingDirectory = directory ?? throw new InvalidDataException("A launch without a working directory."),
            Arguments = arguments,
            Environment = environment,
            StandardInput = input,
            KeepStandardInputOpen = keepOpen,
            StdoutLimit = stdoutLimit,
            StderrLimit = stderrLimit,
            Interrupt = interrupt,
            InterruptGraceMs = interruptGrace,
            StdinCloseGraceMs = stdinGrace,
            TermGraceMs = termGrace,
            LeaseDeadlineMs = lease,
            OpenFilesLimit = openFiles,
            CoreLimitBytes = core,
            MemoryLimit = memory,
        };
    }

    private static void Add(List<byte> bytes, byte field, string value) => Add(bytes, field, Encoding.UTF8.GetBytes(value));

    private static void Add(List<byte> bytes, byte field, long? value)
    {
        if (value is not { } number)
            return;
        var little = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(little, number);
        Add(bytes, field, little);
    }

    private static void Add(List<byte> bytes, byte field, byte[]? value)
    {
        if (value is null)
            return;
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, value.Length);
        bytes.Add(field);
        bytes.AddRange(length);
        bytes.AddRange(value);
    }

    private static bool TryTake(ref ReadOnlySpan<byte> bytes, out byte field, out ReadOnlySpan<byte> value)
    {
        field = 0;
        value = default;
        if (bytes.IsEmpty)
            return false;
        var length = bytes.Length < Header ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes[1..]);
        if (length < 0 || length > bytes.Length - Header)
            throw new InvalidDataException("A launch whose field is longer than it.");
        field = bytes[0];
        value = bytes.Slice(Header, length);
        bytes = bytes[(Header + length)..];
        return true;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value);

    private static long Number(ReadOnlySpan<byte> value) => value.Length == sizeof(long)
        ? BinaryPrimitives.ReadInt64LittleEndian(value)
        : throw new InvalidDataException($"A launch with a number of {value.Length} bytes.");
}
