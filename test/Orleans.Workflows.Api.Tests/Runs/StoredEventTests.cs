using System.Buffers;
using System.Text;
using Orleans.Workflows.Api.Runs;
using Orleans.Workflows.Ledger.Rows;
using Orleans.Workflows.Runs;

namespace Orleans.Workflows.Api.Tests.Runs;

public sealed class StoredEventTests
{
    [Fact]
    public void A_batch_is_split_into_numbered_events_with_their_bytes_unchanged()
    {
        var batch = new EventBatchRow(new RunId(Guid.NewGuid()), 7, 3, DateTimeOffset.UnixEpoch, 2, Encoding.UTF8.GetBytes(
            """[{"type":"a","x":{"type":"no"}}, {"y":[1,{"z":"}]"}],"type":"b"},{"type":"ü"}]"""));
        var written = StoredEvent.Split(batch, 7).Select(item =>
        {
            var output = new ArrayBufferWriter<byte>();
            item.WriteTo(output);
            return (item.Type, Encoding.UTF8.GetString(output.WrittenSpan));
        });
        Assert.Equal(
            [
                ("b", """{"seq":8,"at":"1970-01-01T00:00:00.000000Z","attempt":2,"y":[1,{"z":"}]"}],"type":"b"}"""),
                ("ü", """{"seq":9,"at":"1970-01-01T00:00:00.000000Z","attempt":2,"type":"ü"}"""),
            ],
            written);
    }
}
