using System.Numerics;
using System.Text;
using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake.Manifests;

/// <summary>Partition values between single-value bytes and the Avro values of a manifest.</summary>
static class PartitionValues
{
    public static object? ToAvro(DataType type, byte[]? value) => value is null ? null : type.Kind switch
    {
        TypeKind.Boolean => value[0] != 0,
        TypeKind.Int or TypeKind.Date => (int)SingleValue.ToLong(value),
        TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz => SingleValue.ToLong(value),
        TypeKind.Float => (float)SingleValue.ToDouble(value),
        TypeKind.Double => SingleValue.ToDouble(value),
        TypeKind.String => Encoding.UTF8.GetString(value),
        TypeKind.Decimal => Widen(value, ManifestAvro.DecimalBytes(type.Precision)),
        _ => value,
    };

    /// <param name="type">What the spec says; a number of another width (the column was promoted since) is brought to it.</param>
    public static byte[]? FromAvro(DataType type, object? value) => (type.Kind, value) switch
    {
        (_, null) => null,
        (TypeKind.Boolean, bool flag) => [flag ? (byte)1 : (byte)0],
        (TypeKind.Int or TypeKind.Date, int number) => SingleValue.Int(number),
        (TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz, int number) => SingleValue.Long(number),
        (TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz, long number) => SingleValue.Long(number),
        (TypeKind.Float, float number) => BitConverter.GetBytes(number),
        (TypeKind.Double, float number) => BitConverter.GetBytes((double)number),
        (TypeKind.Double, double number) => BitConverter.GetBytes(number),
        (TypeKind.Decimal, byte[] bytes) => SingleValue.MinimalDecimal(bytes),
        (_, string text) => Encoding.UTF8.GetBytes(text),
        (_, byte[] bytes) => bytes,
        _ => throw new Olist.Formats.FormatViolationException($"A partition value is {value.GetType().Name}, which is no {type}."),
    };

    static byte[] Widen(byte[] minimal, int size)
    {
        var wide = new byte[size];
        if (new BigInteger(minimal, isUnsigned: false, isBigEndian: true).Sign < 0) wide.AsSpan().Fill(0xFF);
        minimal.CopyTo(wide, size - minimal.Length);
        return wide;
    }
}
