using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orleans.Workflows.Workflows.Loading;

/// <summary>
/// Reads one plain YAML document from the parser's events, for the positions. Anchors, aliases and tags are refused: they
/// can make a small file unfold without bound, and no definition needs them.
/// </summary>
internal sealed partial class YamlSource
{
    private const int DepthLimit = 32;
    private readonly Parser _parser;

    private YamlSource(string text) => _parser = new Parser(new StringReader(text));

    public static SourceNode? Read(string text)
    {
        try
        {
            return new YamlSource(text).Document();
        }
        catch (YamlException e)
        {
            throw new SourceException(At(e.Start), $"This is not valid YAML: {e.Message.TrimEnd('.')}.", "Correct the YAML; mind the indentation, and quote text that holds ': ' or '#'.");
        }
    }

    private SourceNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = Node(0);
        _parser.Consume<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out var extra))
        {
            throw new SourceException(At(_parser.Current?.Start ?? extra!.Start), "There is a second YAML document.", "Keep one document in the file.");
        }
        return root;
    }

    private SourceNode Node(int depth)
    {
        var start = _parser.Current ?? throw new SourceException(Position.None, "The file ends too early.", "Complete it.");
        if (depth > DepthLimit)
        {
            throw new SourceException(At(start.Start), $"The nesting is deeper than {DepthLimit} levels.", "Flatten it.");
        }
        if (start is AnchorAlias || start is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new SourceException(At(start.Start), "Anchors and aliases are not supported.", "Write the value out where it is used.");
        }
        if (start is NodeEvent { Tag.IsEmpty: false, Tag.IsNonSpecific: false })
        {
            throw new SourceException(At(start.Start), "Tags are not supported.", "Remove the '!' tag.");
        }
        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new ScalarNode(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain ? Kind(scalar.Value) : ScalarKind.Text);
        }
        return _parser.TryConsume<SequenceStart>(out var sequence) ? List(At(sequence.Start), depth) : Map(depth);
    }

    private ListNode List(Position at, int depth)
    {
        var items = new List<SourceNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(depth + 1));
        }
        return new ListNode(at, items);
    }

    private MapNode Map(int depth)
    {
        var at = At(_parser.Consume<MappingStart>().Start);
        var entries = new List<MapEntry>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(depth + 1) is not ScalarNode key)
            {
                throw new SourceException(At(_parser.Current!.Start), "A key must be plain text.", "Write 'key: value'.");
            }
            if (!seen.Add(key.Text))
            {
                throw new SourceException(key.At, $"The key '{key.Text}' stands here a second time.", "Keep one of them.");
            }
            entries.Add(new MapEntry(key.At, key.Text, Node(depth + 1)));
        }
        return new MapNode(at, entries);
    }

    private static Position At(Mark mark) => new((int)mark.Line, (int)mark.Column);

    // The core schema of YAML 1.2: 'no' and 'on' are text.
    private static ScalarKind Kind(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "false" or "True" or "False" or "TRUE" or "FALSE" => ScalarKind.Boolean,
        _ when Integer().IsMatch(text) => ScalarKind.Integer,
        _ when Number().IsMatch(text) => ScalarKind.Number,
        _ => ScalarKind.Text,
    };

    [GeneratedRegex(@"^[-+]?[0-9]+\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
