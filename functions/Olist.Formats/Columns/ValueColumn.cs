namespace Olist.Formats.Columns;

/// <summary>A column of fixed-size values. A null row holds the default value.</summary>
/// <typeparam name="T">See <see cref="StorageKind"/>: <see cref="byte"/> (booleans), <see cref="int"/>, <see cref="long"/>, <see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ValueColumn<T>(DataType type, T[] values, int count, byte[]? validity = null)
    : Column(type, count, validity) where T : unmanaged
{
    /// <summary>The values; only the first <see cref="Column.Count"/> count.</summary>
    public T[] Values { get; } = values;

    public ReadOnlySpan<T> Span => Values.AsSpan(0, Count);

    public T this[int row] => Values[row];

    /// <summary>The value, or <see langword="null"/> where the row has none.</summary>
    public T? Find(int row) => IsNull(row) ? null : Values[row];

    public override long? MemoryBytes => ((long)Values.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()) + (Validity?.Length ?? 0);

    private protected override Column GatherRows(ReadOnlySpan<int> rows) => new ValueColumn<T>(Type, ValuesAt(Values, rows), rows.Length, GatherValidity(rows));
}
