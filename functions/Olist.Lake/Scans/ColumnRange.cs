using System.Numerics;
using System.Text;
using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake;

/// <summary>A filter on one column: values from one end to the other, both included; or some values; or no value. Null matches only <see cref="NoValue"/>.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="AtLeast">Null for open; else of a .NET type that fits: int or long, double, decimal, string, bool, Guid, byte[], DateOnly, DateTimeOffset.</param>
/// <param name="AtMost">As <paramref name="AtLeast"/>.</param>
public sealed record ColumnRange(string Column, object? AtLeast, object? AtMost)
{
    public static ColumnRange EqualTo(string column, object value) => new(column, value, value);

    /// <summary>Any of some values, of types as <see cref="AtLeast"/> has them; of none, nothing matches.</summary>
    public static ColumnRange OneOf(string column, params IReadOnlyList<object> values) => new(column, null, null) { Values = values };

    /// <summary>Rows without a value.</summary>
    public static ColumnRange NoValue(string column) => new(column, null, null) { IsNull = true };

    /// <summary>Rows with any value.</summary>
    public static ColumnRange AnyValue(string column) => new(column, null, null);

    /// <summary>When not null, the values must be among these, and the ends say nothing.</summary>
    public IReadOnlyList<object>? Values { get; private init; }

    /// <summary>Rows without a value are wanted, and no others.</summary>
    public bool IsNull { get; private init; }

    internal static byte[]? ToValue(DataType type, object? value, string column) => (type.Kind, value) switch
    {
        (_, null) => null,
        (TypeKind.Boolean, bool flag) => [flag ? (byte)1 : (byte)0],
        (TypeKind.Int or TypeKind.Date, int number) => SingleValue.Int(number),
        (TypeKind.Int, long number) => SingleValue.Int(checked((int)number)),
        (TypeKind.Date, DateOnly date) => SingleValue.Int(date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber),
        (TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz, int number) => SingleValue.Long(number),
        (TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampTz, long number) => SingleValue.Long(number),
        (TypeKind.Timestamp or TypeKind.TimestampTz, DateTimeOffset time) => SingleValue.Long((time.UtcTicks - DateTime.UnixEpoch.Ticks) / 10),
        (TypeKind.Float or TypeKind.Double, double number) => BitConverter.GetBytes(number),
        (TypeKind.Decimal, decimal number) => SingleValue.Decimal(new BigInteger(number * (decimal)BigInteger.Pow(10, type.Scale))),
        (TypeKind.String, string text) => Encoding.UTF8.GetBytes(text),
        (TypeKind.Uuid, Guid id) => id.ToByteArray(bigEndian: true),
        (TypeKind.Uuid or TypeKind.Fixed or TypeKind.Binary, byte[] bytes) => bytes,
        _ => throw new LakeException($"A filter on column {column} of type {type} can't be a {value.GetType().Name}."),
    };
}
