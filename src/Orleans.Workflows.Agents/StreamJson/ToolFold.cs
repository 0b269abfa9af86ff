using System.Text;

namespace Orleans.Workflows.Agents.StreamJson;

/// <summary>Tool calls of one process by id: how many, of which tool, which are open, which were denied.</summary>
internal sealed class ToolFold
{
    private const int RememberedCalls = 128;
    private const int MostOpen = 32;
    private const int MostNames = 64;
    private const int MostDenials = 64;
    private const string Others = "(other)";

    private readonly IdRing _calls = new(RememberedCalls);
    private readonly List<KeyValuePair<string, int>> _names = [];
    private readonly List<(string Id, UnansweredTool Call)> _open = [];
    private readonly List<UnansweredTool> _cut = [];

    // A result lists all denials of its process, the system lines tell them one by one before it: both count once by id.
    private readonly IdRing _denied = new(MostDenials);
    private int _denials;

    public int Calls { get; private set; }

    public int Denials => _denials;

    public bool HasOpen => _open.Count > 0;

    public Dictionary<string, int> Names => new(_names);

    public Dictionary<string, string> Open => _open.ToDictionary(open => open.Id, open => open.Call.Name);

    public UnansweredTool[] Unanswered => [.. _cut, .. _open.Select(open => open.Call)];

    /// <summary>False when the call was counted before.</summary>
    public bool OnCall(ReadOnlySpan<byte> id, string name, ReadOnlySpan<byte> input, bool opens)
    {
        if (!_calls.Add(IdHash.Of(id)))
        {
            return false;
        }

        Calls++;
        Count(name);
        if (opens && _open.Count < MostOpen)
        {
            _open.Add((Encoding.UTF8.GetString(id), new(name, input.IsEmpty ? null : JsonText.Raw(input, UnansweredTool.InputLimit))));
        }

        return true;
    }

    /// <summary>Closes a call and tells its tool's name, or null when it is not open.</summary>
    public string? OnFinished(string id)
    {
        var at = _open.FindIndex(open => open.Id == id);
        if (at < 0)
        {
            return null;
        }

        var name = _open[at].Call.Name;
        _open.RemoveAt(at);
        return name;
    }

    /// <summary>False when the denial was counted before.</summary>
    public bool OnDenied(ReadOnlySpan<byte> id)
    {
        if (!id.IsEmpty && !_denied.Add(IdHash.Of(id)))
        {
            return false;
        }

        _denials++;
        return true;
    }

    /// <summary>No result comes any more for what is open; after an error that is a loss.</summary>
    public void OnTurnEnded(bool isError)
    {
        _cut.Clear();
        if (isError)
        {
            _cut.AddRange(_open.Select(open => open.Call));
        }

        _open.Clear();
    }

    private void Count(string name)
    {
        var at = _names.FindIndex(tool => tool.Key == name);
        if (at < 0 && _names.Count >= MostNames)
        {
            name = Others;
            at = _names.FindIndex(tool => tool.Key == name);
        }

        if (at < 0)
        {
            _names.Add(KeyValuePair.Create(name, 1));
        }
        else
        {
            _names[at] = KeyValuePair.Create(name, _names[at].Value + 1);
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Calls);
        writer.Write7BitEncodedInt(_denials);
        _calls.Save(writer);
        _denied.Save(writer);
        writer.Write7BitEncodedInt(_names.Count);
        foreach (var (name, count) in _names)
        {
            writer.Write(name);
            writer.Write7BitEncodedInt(count);
        }

        writer.Write7BitEncodedInt(_open.Count);
        foreach (var (id, call) in _open)
        {
            writer.Write(id);
            Save(writer, call);
        }

        writer.Write7BitEncodedInt(_cut.Count);
        foreach (var call in _cut)
        {
            Save(writer, call);
        }
    }

    public void Load(BinaryReader reader)
    {
        Calls = reader.Read7BitEncodedInt();
        _denials = reader.Read7BitEncodedInt();
        _calls.Load(reader);
        _denied.Load(reader);
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            _names.Add(KeyValuePair.Create(reader.ReadString(), reader.Read7BitEncodedInt()));
        }

        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            _open.Add((reader.ReadString(), LoadCall(reader)));
        }

        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            _cut.Add(LoadCall(reader));
        }
    }

    private static void Save(BinaryWriter writer, UnansweredTool call)
    {
        writer.Write(call.Name);
        writer.WriteText(call.Input);
    }

    private static UnansweredTool LoadCall(BinaryReader reader) => new(reader.ReadString(), reader.ReadText());
}
