using System.Globalization;
using System.Numerics;
using System.Text;
using Olist.Formats.Columns;
using Olist.Lake.Schemas;

namespace Olist.Lake.Partitioning;

/// <summary>Partition values as folder names: a convention for people, which no reader parses.</summary>
static class PartitionText
{
    public static string Of(DataType type, ReadOnlySpan<byte> value) => type.Kind switch
    {
        TypeKind.Boolean => value[0] != 0 ? "true" : "false",
        TypeKind.Int or TypeKind.Long => SingleValue.ToLong(value).ToString(CultureInfo.InvariantCulture),
        TypeKind.Float or TypeKind.Double => SingleValue.ToDouble(value).ToString("R", CultureInfo.InvariantCulture),
        TypeKind.Date => Date((int)SingleValue.ToLong(value)),
        TypeKind.Time => new TimeSpan(SingleValue.ToLong(value) * 10).ToString("c", CultureInfo.InvariantCulture),
        TypeKind.Timestamp or TypeKind.TimestampTz => Timestamp(SingleValue.ToLong(value)),
        TypeKind.String => Encoding.UTF8.GetString(value),
        TypeKind.Uuid => new Guid(value, bigEndian: true).ToString(),
        TypeKind.Decimal => Decimal(new BigInteger(value, isUnsigned: false, isBigEndian: true), type.Scale),
        _ => Convert.ToBase64String(value),
    };

    public static string Date(int day)
    {
        var ticks = DateTime.UnixEpoch.Ticks + day * TimeSpan.TicksPerDay;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"day{day}");
    }

    static string Timestamp(long micros)
    {
        var ticks = (BigInteger)DateTime.UnixEpoch.Ticks + (BigInteger)micros * 10;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture)
            : micros.ToString(CultureInfo.InvariantCulture);
    }

    static string Decimal(BigInteger unscaled, int scale)
    {
        if (scale == 0) return unscaled.ToString(CultureInfo.InvariantCulture);
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        return $"{(unscaled.Sign < 0 ? "-" : "")}{digits[..^scale]}.{digits[^scale..]}";
    }

    /// <summary>Form encoding: letters, digits and <c>.-*_</c> stay, a space is <c>+</c>, other bytes are <c>%XX</c>.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length + 8);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit) || unit is (byte)'.' or (byte)'-' or (byte)'*' or (byte)'_') encoded.Append((char)unit);
            else if (unit == ' ') encoded.Append('+');
            else encoded.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
        }
        return encoded.ToString();
    }
}
