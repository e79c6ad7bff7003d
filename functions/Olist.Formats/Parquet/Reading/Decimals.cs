using System.Buffers.Binary;
using Olist.Formats.Columns;

namespace Olist.Formats.Parquet.Reading;

/// <summary>Decimals between their forms: unscaled longs, and big-endian two's complement bytes, which in memory are always as few as possible so that equal values are equal bytes.</summary>
static class Decimals
{
    public static ValueColumn<long> ToLongs(BytesColumn column, DataType wanted)
    {
        var values = new long[column.Count];
        if (column.Codes is { } codes)
        {
            var entries = new long[column.Dictionary!.Count];
            for (var i = 0; i < entries.Length; i++) entries[i] = ToLong(column.Dictionary[i]);
            for (var row = 0; row < values.Length; row++)
                if (!column.IsNull(row)) values[row] = entries[codes[row]];
        }
        else
        {
            for (var row = 0; row < values.Length; row++)
                if (!column.IsNull(row)) values[row] = ToLong(column[row]);
        }
        return new ValueColumn<long>(wanted, values, column.Count, column.Validity);
    }

    public static BytesColumn ToBytes(ValueColumn<long> column, DataType wanted)
    {
        var builder = new BytesBuilder(wanted, column.Count, 8 * column.Count);
        Span<byte> bytes = stackalloc byte[8];
        for (var row = 0; row < column.Count; row++)
        {
            if (column.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }
            BinaryPrimitives.WriteInt64BigEndian(bytes, column.Values[row]);
            builder.Append(Minimal(bytes));
        }
        return (BytesColumn)builder.Build();
    }

    /// <summary>The same values without leading sign bytes.</summary>
    public static BytesColumn Minimize(BytesColumn column, DataType wanted)
    {
        if (column.Dictionary is { } entries) return new BytesColumn(Minimize(entries, wanted), column.Codes!, column.Count, column.Validity);
        var builder = new BytesBuilder(wanted, column.Count, column.Count == 0 ? 0 : column.Offsets[column.Count]);
        for (var row = 0; row < column.Count; row++)
            if (column.IsNull(row)) builder.AppendNull();
            else builder.Append(Minimal(column[row]));
        return (BytesColumn)builder.Build();
    }

    /// <summary>A big-endian value of any length as the little-endian number of 8 bytes that INT64 columns have; null when it is none, or too large.</summary>
    public static byte[]? ToPlainLong(byte[]? value)
    {
        if (value is null or [] || Minimal(value).Length > 8) return null;
        var plain = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(plain, ToLong(value));
        return plain;
    }

    static ReadOnlySpan<byte> Minimal(ReadOnlySpan<byte> value)
    {
        if (value.Length == 0) throw new FormatViolationException("a decimal of no bytes");
        while (value.Length > 1 && value[0] is (0 or 0xFF) && (value[0] & 0x80) == (value[1] & 0x80)) value = value[1..];
        return value;
    }

    static long ToLong(ReadOnlySpan<byte> value)
    {
        value = Minimal(value);
        if (value.Length > 8) throw new FormatViolationException($"a decimal of {value.Length} bytes, where at most 8 belong to its precision");
        long number = (sbyte)value[0];
        foreach (var next in value[1..]) number = number << 8 | next;
        return number;
    }
}
