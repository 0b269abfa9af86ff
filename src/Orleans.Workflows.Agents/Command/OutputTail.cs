using System.Text;

namespace Orleans.Workflows.Agents.Command;

/// <summary>The last lines of a text output, bounded, as a program's result text.</summary>
internal sealed class OutputTail
{
    /// <summary>Bytes kept: they are part of every snapshot, so they are few.</summary>
    public const int Limit = 16 * 1024;

    private byte[] _bytes = [];
    private int _length;

    public string? Text => _length == 0 ? null : Encoding.UTF8.GetString(_bytes, 0, _length).Replace('\0', '\uFFFD').TrimEnd('\n');

    public void Append(ReadOnlySpan<byte> line)
    {
        line = line.Length > Limit - 1 ? line[^(Limit - 1)..] : line;
        var drop = Math.Max(0, _length + line.Length + 1 - Limit);
        if (_bytes.Length < Limit && _length - drop + line.Length + 1 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(Limit, Math.Max(1_024, 2 * (_length + line.Length + 1))));
        }

        Buffer.BlockCopy(_bytes, drop, _bytes, 0, _length - drop);
        _length -= drop;
        line.CopyTo(_bytes.AsSpan(_length));
        _bytes[_length + line.Length] = (byte)'\n';
        _length += line.Length + 1;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_length);
        writer.Write(_bytes, 0, _length);
    }

    public void Load(BinaryReader reader)
    {
        _length = reader.Read7BitEncodedInt();
        _bytes = reader.ReadBytes(_length);
    }
}
