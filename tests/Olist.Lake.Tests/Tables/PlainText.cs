using System.Globalization;
using System.Numerics;
using System.Text;
using Olist.Formats.Columns;

namespace Olist.Lake.Tests.Tables;

/// <summary>Values as text that is the same whoever read them: times in microseconds, dates in days, decimals in full, floats to 9 decimals, bytes in hex.</summary>
static class PlainText
{
    public static string? Of(Column column, int row)
    {
        if (column.IsNull(row)) return null;
        return column switch
        {
            ValueColumn<byte> flags => flags[row] != 0 ? "true" : "false",
            ValueColumn<int> ints => ints[row].ToString(CultureInfo.InvariantCulture),
            ValueColumn<long> longs when column.Type.Kind == TypeKind.Decimal => Decimal(longs[row], column.Type.Scale),
            ValueColumn<long> longs => longs[row].ToString(CultureInfo.InvariantCulture),
            ValueColumn<float> floats => Float(floats[row]),
            ValueColumn<double> doubles => Float(doubles[row]),
            BytesColumn bytes => Of(column.Type, bytes[row]),
            _ => throw new InvalidOperationException($"Type {column.Type} is not known here."),
        };
    }

    static string Of(DataType type, ReadOnlySpan<byte> bytes) => type.Kind switch
    {
        TypeKind.String => Encoding.UTF8.GetString(bytes),
        TypeKind.Uuid => new Guid(bytes, bigEndian: true).ToString(),
        TypeKind.Decimal => Decimal(new BigInteger(bytes, isUnsigned: false, isBigEndian: true), type.Scale),
        _ => Convert.ToHexStringLower(bytes),
    };

    /// <summary>A value that <see cref="Of(Column, int)"/> gave goes back into a column, which may be wider than the one it came from.</summary>
    public static void Append(ColumnBuilder builder, string? text)
    {
        if (text is null)
        {
            builder.AppendNull();
            return;
        }
        switch (builder)
        {
            case ValueBuilder<byte> flags: flags.Append(text == "true" ? (byte)1 : (byte)0); break;
            case ValueBuilder<int> ints: ints.Append(int.Parse(text, CultureInfo.InvariantCulture)); break;
            case ValueBuilder<long> longs: longs.Append(long.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture)); break;
            case ValueBuilder<float> floats: floats.Append(float.Parse(text, CultureInfo.InvariantCulture)); break;
            case ValueBuilder<double> doubles: doubles.Append(double.Parse(text, CultureInfo.InvariantCulture)); break;
            case BytesBuilder bytes: bytes.Append(BytesOf(builder.Type, text)); break;
        }
    }

    static byte[] BytesOf(DataType type, string text) => type.Kind switch
    {
        TypeKind.String => Encoding.UTF8.GetBytes(text),
        TypeKind.Uuid => Guid.Parse(text).ToByteArray(bigEndian: true),
        TypeKind.Decimal => BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture).ToByteArray(isUnsigned: false, isBigEndian: true),
        _ => Convert.FromHexString(text),
    };

    static string Float(double value) => double.IsFinite(value) ? (value + 0.0).ToString("F9", CultureInfo.InvariantCulture) : double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";

    public static string Decimal(BigInteger unscaled, int scale)
    {
        if (scale == 0) return unscaled.ToString(CultureInfo.InvariantCulture);
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    /// <summary>All rows of a batch, values in the order of its columns.</summary>
    public static IEnumerable<string?[]> Rows(RowBatch batch)
    {
        for (var row = 0; row < batch.RowCount; row++)
        {
            var at = row;
            yield return [.. batch.Columns.Select(column => Of(column, at))];
        }
    }
}
