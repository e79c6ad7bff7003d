namespace Olist.Lake.Partitioning;

/// <summary>The partition values of a file, one per field of its spec, as single-value bytes; equal by value.</summary>
sealed class PartitionKey(byte[]?[] values) : IEquatable<PartitionKey>
{
    public static PartitionKey None { get; } = new([]);

    public byte[]?[] Values { get; } = values;

    public bool Equals(PartitionKey? other)
    {
        if (other is null || other.Values.Length != Values.Length) return false;
        for (var i = 0; i < Values.Length; i++)
        {
            var (mine, theirs) = (Values[i], other.Values[i]);
            if (mine is null != theirs is null || (mine is not null && !mine.AsSpan().SequenceEqual(theirs))) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as PartitionKey);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values)
        {
            hash.Add(value is null);
            hash.AddBytes(value);
        }
        return hash.ToHashCode();
    }
}
