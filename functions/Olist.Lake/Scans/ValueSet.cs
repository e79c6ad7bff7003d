using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>The values of one column that a reader is after: a range, or some points; what pruning compares bounds with.</summary>
sealed class ValueSet
{
    /// <summary>Beyond this many points only their range is kept.</summary>
    const int MaxPoints = 4_096;

    readonly byte[][]? _points;
    readonly byte[]? _lower;
    readonly byte[]? _upper;

    ValueSet(DataType type, byte[][]? points, byte[]? lower, byte[]? upper, bool includesNull)
    {
        Type = type;
        _points = points;
        _lower = lower;
        _upper = upper;
        IncludesNull = includesNull;
    }

    public DataType Type { get; }
    public bool IncludesNull { get; }

    /// <summary>The points, sorted, where they are known one by one.</summary>
    public IReadOnlyList<byte[]>? Points => _points;

    /// <summary>From one to the other, both included; null is open.</summary>
    public static ValueSet Range(DataType type, byte[]? lower, byte[]? upper) => new(type, null, lower, upper, includesNull: false);

    /// <summary>Only the given points, which need not be sorted or distinct; none for nothing at all.</summary>
    public static ValueSet OfPoints(DataType type, IEnumerable<byte[]> points) => FromPoints(type, [.. points], includesNull: false);

    /// <summary>Null and no value.</summary>
    public static ValueSet OnlyNull(DataType type) => new(type, [], null, null, includesNull: true);

    /// <summary>The distinct values of a column; null for types whose equality and order differ (floats).</summary>
    public static ValueSet? Of(Column column)
    {
        if (column.Type.Kind is TypeKind.Float or TypeKind.Double || column.Count == 0) return null;
        var points = new List<byte[]>(column.Count);
        var includesNull = false;
        for (var row = 0; row < column.Count; row++)
        {
            if (SingleValue.Of(column, row) is { } value) points.Add(value);
            else includesNull = true;
        }
        return FromPoints(column.Type, points, includesNull);
    }

    /// <summary>The values that many rows are looked up by: as <see cref="Of"/>, but of more values than are worth telling apart only the range.</summary>
    public static ValueSet? OfKeys(Column column)
    {
        if (column.Type.Kind is TypeKind.Float or TypeKind.Double) return null;
        const int Few = 256;
        var hashes = new HashSet<uint>();
        Column[] key = [column];
        for (var row = 0; row < column.Count && hashes.Count <= Few; row++) hashes.Add(KeyHash.Of(key, row));
        if (hashes.Count <= Few) return Of(column.Gather(new KeyIndex(column).Group().FirstRowOfGroup));
        var (includesNull, least, most) = (false, -1, -1);
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row))
            {
                includesNull = true;
                continue;
            }
            if (least < 0 || Compare(column, row, least) < 0) least = row;
            if (most < 0 || Compare(column, row, most) > 0) most = row;
        }
        return new ValueSet(column.Type, null, SingleValue.Of(column, least), SingleValue.Of(column, most), includesNull); // more than one value is not null
    }

    static int Compare(Column column, int left, int right) => column switch
    {
        BytesColumn { Type.Kind: not TypeKind.Decimal } bytes => bytes[left].SequenceCompareTo(bytes[right]),
        ValueColumn<long> longs => longs[left].CompareTo(longs[right]),
        ValueColumn<int> ints => ints[left].CompareTo(ints[right]),
        _ => SingleValue.Compare(column.Type, SingleValue.Of(column, left), SingleValue.Of(column, right)), // neither is null
    };

    static ValueSet FromPoints(DataType type, List<byte[]> points, bool includesNull)
    {
        points.Sort((a, b) => SingleValue.Compare(type, a, b));
        byte[]? lower = points.Count > 0 ? points[0] : null, upper = points.Count > 0 ? points[^1] : null;
        return new ValueSet(type, points.Count <= MaxPoints ? [.. points] : null, lower, upper, includesNull);
    }

    /// <summary>Whether some wanted value can lie between the bounds (null: unknown).</summary>
    public bool Intersects(byte[]? lower, byte[]? upper)
    {
        if (_points is null)
            return (lower is null || _upper is null || SingleValue.Compare(Type, lower, _upper) <= 0) && (upper is null || _lower is null || SingleValue.Compare(Type, upper, _lower) >= 0);
        var from = lower is null ? 0 : FirstNotBelow(lower);
        return from < _points.Length && (upper is null || SingleValue.Compare(Type, _points[from], upper) <= 0);
    }

    public bool Contains(byte[]? value) => value is null ? IncludesNull : Intersects(value, value);

    int FirstNotBelow(byte[] bound)
    {
        int low = 0, high = _points!.Length; // only called with points
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (SingleValue.Compare(Type, _points[middle], bound) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    /// <summary>What the wanted values become as partition values; null when a transform says nothing about them.</summary>
    public ValueSet? Through(Transform transform)
    {
        if (!transform.CanPrune) return null;
        var type = transform.ResultType(Type);
        if (_points is not null)
            return FromPoints(type, [.. _points.Select(point => Apply(transform, point)!).Distinct(ByteComparer.Instance)], IncludesNull); // a value never becomes null here
        // The other transforms keep the order of values; a hash does not.
        return transform is BucketTransform ? null : new ValueSet(type, null, Apply(transform, _lower), Apply(transform, _upper), IncludesNull);
    }

    byte[]? Apply(Transform transform, byte[]? value) => value is null ? null : SingleValue.Of(transform.Apply(ToColumn(Type, value)), 0);

    /// <summary>A column of one row.</summary>
    public static Column ToColumn(DataType type, byte[] value)
    {
        var builder = ColumnBuilder.Create(type, 1);
        switch (builder)
        {
            case ValueBuilder<byte> flags: flags.Append(value[0]); break;
            case ValueBuilder<int> ints: ints.Append((int)SingleValue.ToLong(value)); break;
            case ValueBuilder<long> longs: longs.Append(type.Kind == TypeKind.Decimal ? (long)new System.Numerics.BigInteger(value, isUnsigned: false, isBigEndian: true) : SingleValue.ToLong(value)); break;
            case ValueBuilder<float> floats: floats.Append((float)SingleValue.ToDouble(value)); break;
            case ValueBuilder<double> doubles: doubles.Append(SingleValue.ToDouble(value)); break;
            case BytesBuilder bytes: bytes.Append(value); break;
        }
        return builder.Build();
    }

    sealed class ByteComparer : IEqualityComparer<byte[]>
    {
        public static ByteComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj)
        {
            var hash = new HashCode();
            hash.AddBytes(obj);
            return hash.ToHashCode();
        }
    }
}
