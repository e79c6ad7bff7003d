namespace Olist.Formats.Columns;

/// <summary>What a struct, list or map is made of; equal when its parts are.</summary>
/// <param name="children">Fields of a struct; the element of a list; key and value of a map.</param>
public sealed class NestedType(IReadOnlyList<ColumnSchema> children) : IEquatable<NestedType>
{
    public IReadOnlyList<ColumnSchema> Children { get; } = children;

    public bool Equals(NestedType? other) => other is not null && (ReferenceEquals(this, other) || Children.SequenceEqual(other.Children));

    public override bool Equals(object? obj) => Equals(obj as NestedType);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var child in Children) hash.Add(child);
        return hash.ToHashCode();
    }
}
