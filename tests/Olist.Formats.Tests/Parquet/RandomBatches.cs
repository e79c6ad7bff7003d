using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Seeded batches with a column of every type.</summary>
static class RandomBatches
{
    public static readonly DataType[] Types =
    [
        DataType.Boolean, DataType.Int, DataType.Long, DataType.Float, DataType.Double, DataType.Date, DataType.Time, DataType.Timestamp, DataType.TimestampTz,
        DataType.String, DataType.Binary, DataType.Uuid, DataType.Fixed(5), DataType.Decimal(5, 2), DataType.Decimal(9, 0), DataType.Decimal(10, 2), DataType.Decimal(18, 6),
        DataType.Decimal(20, 3), DataType.Decimal(38, 10),
    ];

    public static IReadOnlyList<ColumnSchema> Schema(bool required = false) =>
        Types.Select((type, i) => new ColumnSchema(i + 1, $"c{i}_{type.Kind}".ToLowerInvariant(), type, required)).ToArray();

    /// <param name="nullShare">From 0 to 1.</param>
    /// <param name="distinct">About how many different values a column has; 0 for no limit.</param>
    public static RowBatch Make(int seed, int rows, double nullShare, int distinct = 0, IReadOnlyList<ColumnSchema>? schema = null)
    {
        var random = new Random(seed);
        schema ??= Schema();
        return new RowBatch(schema, schema.Select(column => MakeColumn(random, column.Type, rows, column.Required ? 0 : nullShare, distinct)).ToArray(), rows);
    }

    public static Column MakeColumn(Random random, DataType type, int rows, double nullShare, int distinct)
    {
        var builder = ColumnBuilder.Create(type, rows);
        var seeds = random.Next();
        for (var row = 0; row < rows; row++)
        {
            var value = new Random(distinct == 0 ? random.Next() : seeds + random.Next(distinct));
            if (random.NextDouble() < nullShare) builder.AppendNull();
            else Append(builder, value);
        }
        return builder.Build();
    }

    static void Append(ColumnBuilder builder, Random random)
    {
        var type = builder.Type;
        switch (builder)
        {
            case ValueBuilder<byte> booleans: booleans.Append((byte)random.Next(2)); break;
            case ValueBuilder<int> ints: ints.Append(random.Next(5) == 0 ? random.Next(3) : type.Kind == TypeKind.Date ? random.Next(-40_000, 40_000) : random.Next(int.MinValue, int.MaxValue)); break;
            case ValueBuilder<long> longs: longs.Append(RandomLong(random, type)); break;
            case ValueBuilder<float> floats: floats.Append(random.Next(8) switch { 0 => float.NaN, 1 => 0f, 2 => -0f, 3 => float.NegativeInfinity, _ => random.NextSingle() * 1000 - 500 }); break;
            case ValueBuilder<double> doubles: doubles.Append(random.Next(8) switch { 0 => double.NaN, 1 => 0d, 2 => -0d, 3 => double.MaxValue, _ => random.NextDouble() * 1e9 - 5e8 }); break;
            case BytesBuilder bytes: bytes.Append(RandomBytes(random, type)); break;
        }
    }

    static long RandomLong(Random random, DataType type)
    {
        if (type.Kind == TypeKind.Time) return random.NextInt64(86_400_000_000);
        if (type.Kind is TypeKind.Timestamp or TypeKind.TimestampTz) return random.NextInt64(-4_000_000_000_000_000, 4_000_000_000_000_000);
        if (type.Kind != TypeKind.Decimal) return random.Next(5) == 0 ? random.Next(3) : random.NextInt64(long.MinValue / 1000, long.MaxValue / 1000);
        var limit = (long)Math.Pow(10, type.Precision);
        return random.NextInt64(-limit + 1, limit);
    }

    static byte[] RandomBytes(Random random, DataType type)
    {
        switch (type.Kind)
        {
            case TypeKind.String:
                var text = new StringBuilder();
                for (var length = random.Next(20) == 0 ? random.Next(200) : random.Next(12); length > 0; length--) text.Append(random.Next(10) == 0 ? new Rune(random.Next(0x1F300, 0x1F600)) : new Rune('a' + random.Next(26)));
                return Encoding.UTF8.GetBytes(text.ToString());
            case TypeKind.Decimal:
                var digits = Enumerable.Range(0, random.Next(1, type.Precision + 1)).Select(_ => (char)('0' + random.Next(10)));
                var number = BigInteger.Parse(string.Concat(digits), System.Globalization.CultureInfo.InvariantCulture) * (random.Next(2) * 2 - 1);
                return number.ToByteArray(isUnsigned: false, isBigEndian: true);
            default:
                var bytes = new byte[type.Length > 0 ? type.Length : random.Next(random.Next(20) == 0 ? 200 : 10)];
                random.NextBytes(bytes);
                if (bytes.Length >= 4 && random.Next(4) == 0) BinaryPrimitives.WriteInt32BigEndian(bytes, random.Next(2) - 1);
                return bytes;
        }
    }
}
