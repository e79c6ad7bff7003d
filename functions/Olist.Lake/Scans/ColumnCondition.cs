using System.Runtime.InteropServices;
using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake.Scans;

/// <summary>A <see cref="ColumnRange"/> bound to a column, and how it is checked: a column at a time, text that has a dictionary an entry at a time.</summary>
sealed class ColumnCondition
{
    readonly byte[]? _lower;
    readonly byte[]? _upper;

    /// <summary>Sorted; null for a range.</summary>
    readonly byte[][]? _points;

    /// <summary>The points of a column that lies in memory as numbers.</summary>
    readonly HashSet<long> _numbers = [];
    readonly bool _isNull;

    /// <exception cref="LakeException">A value does not fit the column.</exception>
    public ColumnCondition(ColumnSchema column, ColumnRange range)
    {
        Column = column;
        _isNull = range.IsNull;
        _lower = ColumnRange.ToValue(column.Type, range.AtLeast, column.Name);
        _upper = ColumnRange.ToValue(column.Type, range.AtMost, column.Name);
        if (range.Values is not { } values) return;
        _points = [.. values.Select(value => ColumnRange.ToValue(column.Type, value, column.Name) ?? throw new LakeException($"A filter on column {column.Name} lists a null; ask for rows without a value by ColumnRange.NoValue."))];
        Array.Sort(_points, (left, right) => SingleValue.Compare(column.Type, left, right));
        if (column.Type.Storage is StorageKind.Int or StorageKind.Long) _numbers = [.. _points.Select(ToNumber)];
    }

    public ColumnSchema Column { get; }

    /// <summary>What pruning compares with; null for floats, whose bounds know nothing of NaN and of the two zeros.</summary>
    public ValueSet? Wanted => Column.Type.Kind is TypeKind.Float or TypeKind.Double ? null
        : _isNull ? ValueSet.OnlyNull(Column.Type)
        : _points is null ? ValueSet.Range(Column.Type, _lower, _upper) : ValueSet.OfPoints(Column.Type, _points);

    /// <summary>Whether all values between these bounds, both inclusive, surely match, and no row is null. False when in doubt.</summary>
    public bool ContainsAll(byte[]? least, byte[]? most) => !_isNull && Column.Type.Kind is not (TypeKind.Float or TypeKind.Double) && least is not null && most is not null
        && (_points is null || SingleValue.Compare(Column.Type, least, most) == 0) && Matches(least) && Matches(most);

    /// <summary>Clears the flags of rows that do not match.</summary>
    public void Restrict(Column column, Span<byte> flags)
    {
        if (_isNull)
        {
            for (var row = 0; row < flags.Length; row++)
                if (!column.IsNull(row)) flags[row] = 0;
            return;
        }
        if (column.Validity is { } validity)
            for (var row = 0; row < flags.Length; row++) flags[row] &= validity[row];
        if (_points is null && _lower is null && _upper is null) return;
        switch (column)
        {
            case ValueColumn<long> longs when _points is null:
                Between(longs.Span, _lower is null ? long.MinValue : ToNumber(_lower), _upper is null ? long.MaxValue : ToNumber(_upper), flags);
                break;
            case ValueColumn<int> ints when _points is null:
                Between(ints.Span, _lower is null ? int.MinValue : (int)ToNumber(_lower), _upper is null ? int.MaxValue : (int)ToNumber(_upper), flags);
                break;
            case ValueColumn<long> longs:
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0 && !_numbers.Contains(longs.Values[row])) flags[row] = 0;
                break;
            case ValueColumn<int> ints:
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0 && !_numbers.Contains(ints.Values[row])) flags[row] = 0;
                break;
            case BytesColumn { Codes: { } codes } bytes:
                var entries = bytes.Dictionary!; // codes are of a dictionary
                var match = new byte[entries.Count];
                for (var entry = 0; entry < match.Length; entry++) match[entry] = Matches(entries[entry]) ? (byte)1 : (byte)0;
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0) flags[row] = match[codes[row]];
                break;
            case BytesColumn bytes:
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0 && !Matches(bytes[row])) flags[row] = 0;
                break;
            case ValueColumn<double> doubles:
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0 && !Matches(MemoryMarshal.AsBytes(doubles.Span.Slice(row, 1)))) flags[row] = 0;
                break;
            case ValueColumn<float> floats:
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0 && !Matches(MemoryMarshal.AsBytes(floats.Span.Slice(row, 1)))) flags[row] = 0;
                break;
            case ValueColumn<byte> booleans:
                for (var row = 0; row < flags.Length; row++)
                    if (flags[row] != 0 && !Matches(booleans.Span.Slice(row, 1))) flags[row] = 0;
                break;
            default: throw new LakeException($"A filter on column {Column.Name} of type {Column.Type} can only ask for rows with or without a value.");
        }
    }

    long ToNumber(byte[] value) => Column.Type.Kind == TypeKind.Decimal ? SingleValue.ToUnscaled(value) : SingleValue.ToLong(value);

    static void Between<T>(ReadOnlySpan<T> values, T lower, T upper, Span<byte> flags) where T : unmanaged, IComparable<T>, System.Numerics.INumber<T>
    {
        for (var row = 0; row < values.Length; row++) flags[row] &= (byte)((values[row] >= lower ? 1 : 0) & (values[row] <= upper ? 1 : 0));
    }

    /// <param name="value">Not null.</param>
    bool Matches(ReadOnlySpan<byte> value)
    {
        if (_points is null) return (_lower is null || SingleValue.Compare(Column.Type, value, _lower) >= 0) && (_upper is null || SingleValue.Compare(Column.Type, value, _upper) <= 0);
        int low = 0, high = _points.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = SingleValue.Compare(Column.Type, _points[middle], value);
            if (order == 0) return true;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return false;
    }
}
