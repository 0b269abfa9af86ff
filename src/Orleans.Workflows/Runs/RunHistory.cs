using System.Buffers;
using System.Text.Json;
using Orleans.Workflows.Ledger.Rows;

namespace Orleans.Workflows.Runs;

/// <summary>Builds the JSON array of one append's events: the agent's own first, then the engine's.</summary>
internal sealed class RunHistory
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private int _count;

    public RunHistory()
    {
        Write("["u8);
    }

    /// <summary>Takes over events that a pump wrote: a JSON array without its brackets.</summary>
    public RunHistory AddRaw(ReadOnlySpan<byte> commaSeparated, int count)
    {
        if (count > 0)
        {
            Separate();
            Write(commaSeparated);
            _count += count;
        }

        return this;
    }

    public RunHistory Add(string type, params ReadOnlySpan<(string Name, string? Value)> fields)
    {
        Separate();
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            foreach (var (name, value) in fields)
            {
                if (value is not null)
                {
                    json.WriteString(name, value);
                }
            }

            json.WriteEndObject();
        }

        _count++;
        return this;
    }

    /// <summary>The row, numbered after <paramref name="state"/>'s last event; null when there is none.</summary>
    public EventBatchRow? ToRow(RunRow state, int? attempt, DateTimeOffset at)
    {
        if (_count == 0)
        {
            return null;
        }

        Write("]"u8);
        return new EventBatchRow(state.Id, state.LastEventSeq + 1, _count, at, attempt, _buffer.WrittenMemory);
    }

    private void Separate()
    {
        if (_count > 0)
        {
            Write(","u8);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
