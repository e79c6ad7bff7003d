using Olist.Formats.Columns;
using Olist.Lake.Partitioning;
using Olist.Lake.Schemas;

namespace Olist.Lake;

/// <summary>A hash of the value modulo a number of buckets.</summary>
public sealed class BucketTransform : Transform
{
    internal BucketTransform(int buckets) => Buckets = buckets;

    public int Buckets { get; }

    public override DataType ResultType(DataType source) =>
        source.Kind is TypeKind.Boolean or TypeKind.Float or TypeKind.Double ? throw Misfit(source) : DataType.Int;

    public override Column Apply(Column source)
    {
        ResultType(source.Type);
        return source is BytesColumn bytes ? PerEntry(bytes, DataType.Int, ApplyToBytes) : ApplyToNumbers(source);
    }

    ValueColumn<int> ApplyToBytes(BytesColumn source)
    {
        var isDecimal = source.Type.Kind == TypeKind.Decimal;
        var buckets = new int[source.Count];
        for (var row = 0; row < buckets.Length; row++)
            if (!source.IsNull(row)) buckets[row] = BucketOf(Murmur3.Hash(isDecimal ? SingleValue.MinimalDecimal(source[row]) : source[row]));
        return new ValueColumn<int>(DataType.Int, buckets, buckets.Length, source.Validity);
    }

    ValueColumn<int> ApplyToNumbers(Column source)
    {
        var buckets = new int[source.Count];
        // A date is hashed as 8 bytes like a long: the format's own test value says so, whatever its text does.
        for (var row = 0; row < buckets.Length; row++)
            buckets[row] = BucketOf(source.Type.Kind == TypeKind.Decimal
                ? Murmur3.Hash(SingleValue.Decimal(((ValueColumn<long>)source).Values[row]))
                : Murmur3.Hash(source is ValueColumn<int> ints ? ints.Values[row] : ((ValueColumn<long>)source).Values[row]));
        return new ValueColumn<int>(DataType.Int, buckets, buckets.Length, source.Validity);
    }

    int BucketOf(int hash) => (hash & int.MaxValue) % Buckets;

    public override string ToString() => $"bucket[{Buckets}]";
}
