using Olist.Formats.Columns;
using Olist.Formats.Parquet.Schema;

namespace Olist.Formats.Parquet.Reading;

/// <summary>From a column as the file has it to the column asked for: units, and the promotions that tables allow (int to long, float to double, wider decimals).</summary>
static class Conversion
{
    /// <summary>Whether a column of the file may be read as <paramref name="wanted"/>.</summary>
    public static bool IsAllowed(LeafColumn leaf, DataType wanted)
    {
        var found = leaf.Type!.Value;
        if (found == wanted) return true;
        return (found.Kind, wanted.Kind) switch
        {
            (TypeKind.Int, TypeKind.Long) or (TypeKind.Float, TypeKind.Double) => true,
            (TypeKind.Decimal, TypeKind.Decimal) => found.Scale == wanted.Scale && found.Precision <= wanted.Precision,
            // Text without annotation, and text as bytes.
            (TypeKind.Binary, TypeKind.String) or (TypeKind.String, TypeKind.Binary) => true,
            (TypeKind.Fixed, TypeKind.Uuid) => found.Length == 16,
            (TypeKind.Uuid, TypeKind.Fixed) => wanted.Length == 16,
            // INT96 does not say whether it is in UTC.
            (TypeKind.Timestamp, TypeKind.TimestampTz) => leaf.Physical == Metadata.PhysicalType.Int96,
            _ => false,
        };
    }

    public static Column Apply(Column column, LeafColumn leaf, DataType wanted)
    {
        switch (column)
        {
            case ValueColumn<int> ints when wanted.Storage == StorageKind.Long || wanted.Kind == TypeKind.Decimal:
                return Widen(ints, wanted, leaf);
            case ValueColumn<int> ints:
                return new ValueColumn<int>(wanted, ints.Values, ints.Count, ints.Validity);
            case ValueColumn<float> floats when wanted.Storage == StorageKind.Double:
                var doubles = GC.AllocateUninitializedArray<double>(floats.Count);
                for (var i = 0; i < doubles.Length; i++) doubles[i] = floats.Values[i];
                return new ValueColumn<double>(wanted, doubles, floats.Count, floats.Validity);
            case ValueColumn<long> longs:
                Rescale(longs.Values.AsSpan(0, longs.Count), leaf.Scale);
                return wanted.Storage == StorageKind.Long ? new ValueColumn<long>(wanted, longs.Values, longs.Count, longs.Validity) : Decimals.ToBytes(longs, wanted);
            case BytesColumn bytes when wanted.Storage == StorageKind.Long:
                return Decimals.ToLongs(bytes, wanted);
            case BytesColumn bytes when wanted.Kind == TypeKind.Decimal:
                return Decimals.Minimize(bytes, wanted);
            case BytesColumn bytes:
                return Retype(bytes, wanted);
            default:
                return column;
        }
    }

    static Column Widen(ValueColumn<int> ints, DataType wanted, LeafColumn leaf)
    {
        var longs = GC.AllocateUninitializedArray<long>(ints.Count);
        if (leaf.IsUnsigned32)
            for (var i = 0; i < longs.Length; i++) longs[i] = (uint)ints.Values[i];
        else
            for (var i = 0; i < longs.Length; i++) longs[i] = ints.Values[i];
        Rescale(longs, leaf.Scale);
        var widened = new ValueColumn<long>(wanted, longs, ints.Count, ints.Validity);
        return wanted.Storage == StorageKind.Long ? widened : Decimals.ToBytes(widened, wanted);
    }

    static void Rescale(Span<long> values, TimeScale scale)
    {
        if (scale == TimeScale.MillisToMicros)
            foreach (ref var value in values) value = unchecked(value * 1000);
        else if (scale == TimeScale.NanosToMicros)
            // Towards the past, also before 1970.
            foreach (ref var value in values) value = (value >= 0 ? value : value - 999) / 1000;
    }

    static BytesColumn Retype(BytesColumn bytes, DataType wanted)
    {
        if (bytes.Type == wanted) return bytes;
        if (bytes.Codes is null) return new BytesColumn(wanted, bytes.Offsets, bytes.Data, bytes.Count, bytes.Validity);
        var entries = bytes.Dictionary!;
        return new BytesColumn(new BytesColumn(wanted, entries.Offsets, entries.Data, entries.Count), bytes.Codes, bytes.Count, bytes.Validity);
    }
}
