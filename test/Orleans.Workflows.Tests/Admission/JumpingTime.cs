using Microsoft.Extensions.Time.Testing;

namespace Orleans.Workflows.Tests.Admission;

/// <summary>A fake time whose wall clock jumps while its steady clock does not.</summary>
internal sealed class JumpingTime() : FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private TimeSpan _jumped;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _jumped;

    public override long GetTimestamp() => base.GetUtcNow().Ticks;

    public void Jump(TimeSpan by) => _jumped += by;
}
