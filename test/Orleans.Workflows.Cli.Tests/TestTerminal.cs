using System.Buffers;
using System.Text;

namespace Orleans.Workflows.Cli.Tests;

/// <summary>A terminal whose streams a test reads.</summary>
internal sealed class TestTerminal
{
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Ctrl-C.</summary>
    public CancellationToken Interrupt { get; init; } = TestContext.Current.CancellationToken;

    public string Output => _out.ToString() + Encoding.UTF8.GetString(_bytes.WrittenSpan);

    public string Error => _error.ToString();

    /// <summary>Runs the command line as the program does.</summary>
    public Task<int> RunAsync(string[] args, string input = "", bool interactive = false, IReadOnlyDictionary<string, string>? variables = null) => CommandLine.RunAsync(
        args,
        new Terminal
        {
            Out = new StringWriter(_out),
            Error = new StringWriter(_error),
            OpenInput = () => new MemoryStream(Encoding.UTF8.GetBytes(input)),
            OpenOutput = () => new Sink(_bytes),
            IsInteractive = interactive,
            Variable = name => variables?.GetValueOrDefault(name),
        },
        Interrupt);

    private sealed class Sink(ArrayBufferWriter<byte> bytes) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => bytes.WrittenCount;

        public override long Position { get => bytes.WrittenCount; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => bytes.Write(buffer.AsSpan(offset, count));
    }
}
