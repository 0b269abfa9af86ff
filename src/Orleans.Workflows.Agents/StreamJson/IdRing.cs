namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>The last ids seen, as hashes, so that what is told twice counts once. Bounded: an id comes again soon or never.</summary>
internal sealed class IdRing(int capacity)
{
    private readonly List<ulong> _ids = [];
    private int _next;

    public int Count => _ids.Count;

    public bool Contains(ulong id) => _ids.Contains(id);

    /// <summary>False when it was there.</summary>
    public bool Add(ulong id)
    {
        if (_ids.Contains(id))
        {
            return false;
        }

        if (_ids.Count < capacity)
        {
            _ids.Add(id);
        }
        else
        {
            _ids[_next] = id;
            _next = (_next + 1) % capacity;
        }

        return true;
    }

    public void Clear()
    {
        _ids.Clear();
        _next = 0;
    }

    /// <summary>Takes one out and keeps the others' order.</summary>
    public void Remove(ulong id)
    {
        var at = _ids.IndexOf(id);
        if (at < 0)
        {
            return;
        }

        // Oldest first, so that the next slot to overwrite is the first again.
        var ordered = new List<ulong>([.. _ids[_next..], .. _ids[.._next]]);
        ordered.Remove(id);
        _ids.Clear();
        _ids.AddRange(ordered);
        _next = 0;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_next);
        writer.Write7BitEncodedInt(_ids.Count);
        foreach (var id in _ids)
        {
            writer.Write(id);
        }
    }

    public void Load(BinaryReader reader)
    {
        Clear();
        _next = reader.Read7BitEncodedInt();
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            _ids.Add(reader.ReadUInt64());
        }
    }
}
