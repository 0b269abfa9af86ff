using System.Diagnostics.CodeAnalysis;
using Orleans.Workflows.Admission.Constraints;

namespace Orleans.Workflows.Admission;

/// <summary>
/// Where runs may start who may not start anywhere. Each set of needs is a place, and which nodes serve it is worked out when a
/// node or a place is new: a node's choice never looks at what it can't serve, however many wait for it.
/// </summary>
internal sealed partial class AdmissionIndex
{
    private readonly Dictionary<(string? Node, string? Needs), PlaceConstraint> _places = [];

    /// <summary>Nodes that are not lost as far as is known, and that some run waits for.</summary>
    public IEnumerable<string> Wanted => _places.Values.Where(place => place.Uses > 0 && IsBound(place)).Select(place => place.Node!).Distinct(StringComparer.Ordinal);

    /// <summary>It has reported, so it is not lost.</summary>
    /// <param name="node">Its name.</param>
    /// <param name="slots">Attempts at once; 0 while it drains.</param>
    /// <param name="labels">What it has. Null: none.</param>
    /// <param name="isFrontend">It never runs anything.</param>
    /// <param name="heardAt">When it reported; null: now.</param>
    /// <param name="room">What it may start. Null: as many as it has slots.</param>
    public void SetNode(string node, int slots, IReadOnlyList<string>? labels = null, bool isFrontend = false, long? heardAt = null, NodeRoom? room = null)
    {
        var known = NodeOf(node);
        var isNew = known.HeardAt is null || !known.Labels.SequenceEqual(labels ?? [], StringComparer.Ordinal);
        (known.Slots, known.Labels, known.IsFrontend, known.HeardAt) = (isFrontend ? 0 : slots, labels ?? [], isFrontend, heardAt ?? _time.GetTimestamp());
        (known.Starts, known.Room) = (room?.Starts ?? int.MaxValue, room);
        if (_lost.Remove(node))
        {
            Survey(place => place.Node == node);
        }

        if (isNew)
        {
            Survey(known);
        }
    }

    /// <summary>The node will not return: its runs may start on any with what they need. False when that was known.</summary>
    public bool Lose(string node)
    {
        if (!_lost.Add(node))
        {
            return false;
        }

        Survey(place => place.Node == node);
        return true;
    }

    /// <summary>Null: anywhere.</summary>
    private PlaceConstraint? PlaceOf(string? node, IReadOnlyList<string>? needs)
    {
        var key = (node, needs is null or [] ? null : string.Join(',', needs));
        if (key is (null, null))
        {
            return null;
        }

        if (!_places.TryGetValue(key, out var place))
        {
            _places.Add(key, place = new(node, key.Item2 is null ? null : needs, MayServe) { IsReserved = node is not null && NodeOf(node).IsReserved });
            Survey(place);
        }

        return place;
    }

    /// <summary>Of needs there are as many as callers think of, so those that nobody has any more are forgotten.</summary>
    private void Use(PlaceConstraint place, int more)
    {
        place.Uses += more;
        if (place.Uses == 0 && place.Needs is { } needs)
        {
            _places.Remove((place.Node, string.Join(',', needs)));
            foreach (var node in place.Nodes)
            {
                NodeOf(node).Places.Remove(place);
            }
        }
    }

    private void Survey(Func<PlaceConstraint, bool> which)
    {
        foreach (var place in _places.Values.Where(which).ToArray())
        {
            Survey(place);
        }
    }

    private void Survey(PlaceConstraint place)
    {
        if (place.Node is { } home)
        {
            // Known from now on, though it may not have reported yet.
            NodeOf(home);
        }

        foreach (var node in _nodes.Values)
        {
            Survey(place, node);
        }
    }

    private void Survey(AdmissionNode node)
    {
        foreach (var place in _places.Values)
        {
            Survey(place, node);
        }
    }

    private void Survey(PlaceConstraint place, AdmissionNode node)
    {
        if ((!IsBound(place) || place.Node == node.Name) && place.IsMetBy(node.Labels))
        {
            place.Nodes.Add(node.Name);
            node.Places.Add(place);
        }
        else
        {
            place.Nodes.Remove(node.Name);
            node.Places.Remove(place);
        }
    }

    /// <summary>It is one node and no other.</summary>
    private bool IsBound([NotNullWhen(true)] PlaceConstraint? place) => place is { Node: { } node } && !_lost.Contains(node);

    private bool MayServe(PlaceConstraint place, int slots)
    {
        foreach (var node in _asking)
        {
            // A place that is kept on a node is kept from those that could go elsewhere too.
            if (place.Nodes.Contains(node) && (IsBound(place) ? NodeOf(node).Has(slots) : NodeOf(node).HasRoom))
            {
                return true;
            }
        }

        return false;
    }
}
