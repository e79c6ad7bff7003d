using System.Globalization;
using Olist.Formats.Columns;

namespace Olist.Lake.Schemas;

/// <summary>Primitive types from their Iceberg spelling; <see cref="DataType.ToString"/> is the way back.</summary>
static class TypeText
{
    /// <param name="where">File and field, for the error.</param>
    public static DataType Parse(string text, string where) => text switch
    {
        "boolean" => DataType.Boolean,
        "int" => DataType.Int,
        "long" => DataType.Long,
        "float" => DataType.Float,
        "double" => DataType.Double,
        "date" => DataType.Date,
        "time" => DataType.Time,
        "timestamp" => DataType.Timestamp,
        "timestamptz" => DataType.TimestampTz,
        "string" => DataType.String,
        "uuid" => DataType.Uuid,
        "binary" => DataType.Binary,
        _ => ParseWithParameters(text, where),
    };

    static DataType ParseWithParameters(string text, string where)
    {
        if (text.StartsWith("fixed[", StringComparison.Ordinal) && text.EndsWith(']')
            && TryNumber(text.AsSpan(6, text.Length - 7), out var length) && length > 0)
            return DataType.Fixed(length);
        if (text.StartsWith("decimal(", StringComparison.Ordinal) && text.EndsWith(')') && text.IndexOf(',') is var comma and > 0
            && TryNumber(text.AsSpan(8, comma - 8), out var precision) && TryNumber(text.AsSpan(comma + 1, text.Length - comma - 2), out var scale)
            && precision is > 0 and <= 38 && scale <= precision)
            return DataType.Decimal(precision, scale);
        throw new UnsupportedFormatException($"{where}: type '{text}' is not one of Iceberg version 2 (boolean, int, long, float, double, date, time, timestamp, timestamptz, string, uuid, binary, fixed[n], decimal(p, s)).");
    }

    static bool TryNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
