using System.Runtime.CompilerServices;

namespace Orleans.Workflows.Admission.Constraints;

/// <summary>Constraints of one kind that a start has to pass. Equal when they are the same ones, so that runs which differ in nothing that holds them back wait together.</summary>
internal abstract class ConstraintSet<T> : IEquatable<ConstraintSet<T>>
    where T : Constraint
{
    private readonly T[] _items;
    private readonly int _hash;

    /// <param name="items">In an order that is the same for all sets.</param>
    protected ConstraintSet(T[] items)
    {
        _items = items;
        var hash = new HashCode();
        foreach (var item in items)
        {
            hash.Add(RuntimeHelpers.GetHashCode(item));
        }

        _hash = hash.ToHashCode();
    }

    public ReadOnlySpan<T> Span => _items;

    public IReadOnlyList<T> Items => _items;

    /// <summary>One that lets nobody start; null: none.</summary>
    public T? Closed
    {
        get
        {
            foreach (var item in _items)
            {
                if (!item.HasRoom)
                {
                    return item;
                }
            }

            return null;
        }
    }

    /// <summary>One that has no place, not even one that is kept for who asks; null: none.</summary>
    public T? Short
    {
        get
        {
            foreach (var item in _items)
            {
                if (!item.Has(1))
                {
                    return item;
                }
            }

            return null;
        }
    }

    public bool Equals(ConstraintSet<T>? other) => other is not null && _items.AsSpan().SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ConstraintSet<T>);

    public override int GetHashCode() => _hash;
}
