using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Orleans.Workflows.Execution.Supervision;

/// <summary>An unbounded queue in which at most one growth waits, always with the newest lengths, however slow its reader is.</summary>
internal sealed class SignalQueue : ChannelReader<SupervisorSignal>
{
    private readonly Channel<SupervisorSignal> _channel = Channel.CreateUnbounded<SupervisorSignal>(new() { SingleWriter = true });
    private SupervisorSignal.Grew? _growth;

    public override Task Completion => _channel.Reader.Completion;

    public override bool TryRead([MaybeNullWhen(false)] out SupervisorSignal item)
    {
        if (!_channel.Reader.TryRead(out item))
            return false;
        if (item is SupervisorSignal.Grew)
            item = Interlocked.Exchange(ref _growth, null) ?? item;
        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        _channel.Reader.WaitToReadAsync(cancellationToken);

    internal void Add(SupervisorSignal signal)
    {
        if (signal is SupervisorSignal.Grew growth && Interlocked.Exchange(ref _growth, growth) is not null)
            return;
        _channel.Writer.TryWrite(signal);
    }

    internal void Complete(Exception? error = null) => _channel.Writer.TryComplete(error);
}
