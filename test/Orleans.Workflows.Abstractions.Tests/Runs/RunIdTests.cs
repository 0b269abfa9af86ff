using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Abstractions.Tests.Runs;

public sealed class RunIdTests
{
    [Fact]
    public void An_id_is_read_back_from_its_text_in_every_usual_form() => Gen.Guid.Where(value => value != Guid.Empty).Sample(value =>
    {
        var id = new RunId(value);
        Assert.Equal(value.ToString("D"), id.ToString());
        foreach (var text in new[] { id.ToString(), value.ToString("N"), value.ToString("D").ToUpperInvariant() })
        {
            Assert.Equal(id, RunId.Parse(text));
            Assert.True(RunId.TryParse(text, null, out var read));
            Assert.Equal(id, read);
        }
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a805")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057-1")]
    public void What_is_no_id_is_refused(string? text) => Assert.False(RunId.TryParse(text, null, out _));

    [Fact]
    public void Ids_sort_as_their_texts_do() => Gen.Select(Gen.Guid, Gen.Guid).Sample((a, b) =>
        Assert.Equal(Math.Sign(string.CompareOrdinal(a.ToString("D"), b.ToString("D"))), Math.Sign(new RunId(a).CompareTo(new RunId(b)))));

    [Fact]
    public void A_later_id_sorts_behind_an_earlier_one() => Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.Long[1, 1_000_000_000]).Sample((start, step) =>
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMilliseconds(start));
        var earlier = RunId.New(time);
        time.Advance(TimeSpan.FromMilliseconds(step));
        Assert.True(earlier.CompareTo(RunId.New(time)) < 0);
    });

    [Fact]
    public void An_id_is_a_version_7_uuid_that_carries_its_millisecond() => Gen.Long[0, 4_000_000_000_000].Sample(milliseconds =>
    {
        var id = RunId.New(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddMilliseconds(milliseconds)));
        Assert.Equal(7, id.Value.Version);
        Assert.Equal(milliseconds, Convert.ToInt64(id.Value.ToString("N")[..12], 16));
    });

    [Fact]
    public void Ids_of_one_millisecond_differ()
    {
        var time = new FakeTimeProvider();
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => RunId.New(time)).Distinct().Count());
    }
}
