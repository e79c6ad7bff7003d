using System.Buffers;
using System.Numerics;
using Olist.Formats.Avro;
using Olist.Formats.Columns;

namespace Olist.Formats.Tests.Avro;

public sealed class AvroRowCodecTests
{
    internal static readonly AvroSchema Everything = AvroSchema.Parse("""
        {"type":"record","name":"everything","fields":[
          {"name":"order_id","type":"string"},
          {"name":"flag","type":["null","boolean"]},
          {"name":"count","type":["null","int"]},
          {"name":"total","type":"long"},
          {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},
          {"name":"clock","type":["null",{"type":"int","logicalType":"time-millis"}]},
          {"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}]},
          {"name":"at_micros","type":[{"type":"long","logicalType":"timestamp-micros"},"null"]},
          {"name":"local","type":{"type":"long","logicalType":"local-timestamp-micros"}},
          {"name":"small","type":["null","float"]},
          {"name":"lat","type":["null","double"]},
          {"name":"blob","type":["null","bytes"]},
          {"name":"price","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}]},
          {"name":"wide","type":["null",{"type":"bytes","logicalType":"decimal","precision":30,"scale":4}]},
          {"name":"fixed_price","type":["null",{"type":"fixed","name":"f5","size":5,"logicalType":"decimal","precision":10,"scale":2}]},
          {"name":"wide_fixed","type":["null",{"type":"fixed","name":"f13","size":13,"logicalType":"decimal","precision":30,"scale":4}]},
          {"name":"hash","type":["null",{"type":"fixed","name":"f4","size":4}]},
          {"name":"nothing","type":"null"}]}
        """);

    /// <summary>Rows as plain objects: the input of the codec and of its dull twin, the generic writer behind <see cref="AvroFile"/>.</summary>
    static object?[] RandomRow(Random random)
    {
        object? Maybe(object value) => random.Next(4) == 0 ? null : value;
        long Number() => random.Next(3) switch { 0 => random.Next(-70, 70), 1 => random.Next(), _ => random.NextInt64(long.MinValue, long.MaxValue) };
        var wide = new byte[random.Next(1, 13)];
        random.NextBytes(wide);
        var blob = new byte[random.Next(200)];
        random.NextBytes(blob);
        var hash = new byte[4];
        random.NextBytes(hash);
        var trimmed = new BigInteger(wide, isBigEndian: true) % BigInteger.Pow(10, 30);
        return
        [
            string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => "aé漢😀0"[random.Next(2)])),
            Maybe(random.Next(2) == 0), Maybe((int)Number()), Number(), Maybe(random.Next(-100_000, 100_000)), Maybe(random.Next(0, 86_400_000) * 1000L),
            Maybe(Number() / 2000 * 1000), Maybe(Number()), Number(), Maybe(random.NextSingle()), Maybe(random.NextDouble() - 0.5), Maybe(blob),
            Maybe(random.NextInt64(-9_999_999_999, 10_000_000_000)), Maybe(trimmed), Maybe(random.NextInt64(-9_999_999_999, 10_000_000_000) / (random.Next(2) == 0 ? 1 : 100_000)), Maybe(trimmed), Maybe(hash), null,
        ];
    }

    internal static RowBatch ToBatch(IReadOnlyList<ColumnSchema> columns, IReadOnlyList<object?[]> rows)
    {
        var builder = new RowBatchBuilder(columns);
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++)
                switch (row[i])
                {
                    case null: builder.Columns[i].AppendNull(); break;
                    case bool value: ((ValueBuilder<byte>)builder.Columns[i]).Append(value ? (byte)1 : (byte)0); break;
                    case int value: builder.Ints(i).Append(value); break;
                    case long value: builder.Longs(i).Append(value); break;
                    case float value: ((ValueBuilder<float>)builder.Columns[i]).Append(value); break;
                    case double value: builder.Doubles(i).Append(value); break;
                    case string value: builder.Bytes(i).Append(value); break;
                    case BigInteger value: builder.Bytes(i).Append(value.ToByteArray(isBigEndian: true)); break;
                    case byte[] value: builder.Bytes(i).Append(value); break;
                    default: throw new ArgumentException($"No column for {row[i]}.", nameof(rows));
                }
        return builder.Build();
    }

    static readonly int HeaderBytes = AvroFile.Write(Everything, [], [], deflate: false).Length;

    /// <summary>The only record in the only block of a file: header, record count (1), byte length, record, sync marker.</summary>
    static byte[] GenericBytes(object?[] row)
    {
        var block = AvroFile.Write(Everything, [row], [], deflate: false).AsSpan(HeaderBytes)[..^16];
        var lengthEnd = 1 + block[1..].IndexOfAnyInRange((byte)0, (byte)0x7F);
        return block[(lengthEnd + 1)..].ToArray();
    }

    /// <summary>What the dull twin is given for the same row.</summary>
    static object?[] ToGeneric(object?[] row)
    {
        var generic = row.ToArray();
        generic[5] = row[5] is long clock ? (int)(clock / 1000) : null;
        generic[6] = row[6] is long at ? at / 1000 : null;
        generic[12] = row[12] is long price ? new BigInteger(price).ToByteArray(isBigEndian: true) : null;
        generic[13] = row[13] is BigInteger wide ? wide.ToByteArray(isBigEndian: true) : null;
        generic[14] = row[14] is long exact ? Extend(exact, 5) : null;
        generic[15] = row[15] is BigInteger widest ? Extend(widest, 13) : null;
        return generic;
    }

    static byte[] Extend(BigInteger value, int bytes)
    {
        var shortest = value.ToByteArray(isBigEndian: true);
        return [.. Enumerable.Repeat(value.Sign < 0 ? (byte)0xFF : (byte)0, bytes - shortest.Length), .. shortest];
    }

    [Theory, InlineData(1), InlineData(20180829)]
    public void Encodes_what_the_generic_writer_does_and_decodes_it_back(int seed)
    {
        var random = new Random(seed);
        var codec = new AvroRowCodec(Everything);
        var rows = Enumerable.Range(0, 2000).Select(_ => RandomRow(random)).ToArray();
        var batch = ToBatch(codec.Columns, rows);
        var target = new RowBatchBuilder(codec.Columns);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < rows.Length; i++)
        {
            output.ResetWrittenCount();
            codec.Encode(batch, i, output);
            Assert.Equal(GenericBytes(ToGeneric(rows[i])), output.WrittenSpan.ToArray());
            codec.Decode(output.WrittenSpan, target);
        }
        AssertEqual(batch, target.Build());
    }

    internal static void AssertEqual(RowBatch expected, RowBatch found)
    {
        Assert.Equal(expected.RowCount, found.RowCount);
        for (var column = 0; column < expected.Columns.Count; column++)
            for (var row = 0; row < expected.RowCount; row++)
                Assert.True(KeyHash.AreEqual(expected.Columns[column], row, found.Columns[column], row), $"{expected.Schema[column].Name}, row {row}");
    }

    [Theory, InlineData(3)]
    public void Damaged_records_are_refused_or_read_whole_and_leave_nothing_half_done(int seed)
    {
        var random = new Random(seed);
        var codec = new AvroRowCodec(Everything);
        var batch = ToBatch(codec.Columns, Enumerable.Range(0, 50).Select(_ => RandomRow(random)).ToArray());
        var target = new RowBatchBuilder(codec.Columns);
        var good = new List<int>();
        var output = new ArrayBufferWriter<byte>();
        var expected = 0;
        for (var round = 0; round < 20_000; round++)
        {
            output.ResetWrittenCount();
            codec.Encode(batch, round % 50, output);
            var bytes = output.WrittenSpan.ToArray();
            if (round % 3 == 0) bytes = bytes[..random.Next(bytes.Length)];
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                codec.Decode(bytes, target);
                expected++;
            }
            catch (FormatViolationException exception)
            {
                Assert.Contains("byte ", exception.Message, StringComparison.Ordinal);
            }
            Assert.All(target.Columns, column => Assert.Equal(expected, column.Count));
            if (round % 100 != 0) continue;
            codec.Decode(Encode(codec, batch, 0), target);
            good.Add(expected++);
        }
        var decoded = target.Build();
        foreach (var row in good) Assert.Equal(decoded.Longs("total").Values[row], batch.Longs("total").Values[0]);
    }

    static byte[] Encode(AvroRowCodec codec, RowBatch batch, int row)
    {
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(batch, row, output);
        return output.WrittenSpan.ToArray();
    }

    [Theory]
    [InlineData("string", "0463", "field a, byte 1: a length of 2, but 1 bytes are left")]
    [InlineData("string", "01", "field a, byte 1: a negative length, -1")]
    [InlineData("string", "", "field a, byte 0: the bytes end inside a varint")]
    [InlineData("string", "02C3", "field a, byte 1: text is not UTF-8")]
    [InlineData("string", "026100", "byte 2: 1 bytes follow the last field")]
    [InlineData("long", "FFFFFFFFFFFFFFFFFFFF01", "field a, byte 0: a varint of more than 64 bits")]
    [InlineData("long", "FFFFFFFFFFFFFFFFFF02", "field a, byte 0: a varint of more than 64 bits")]
    [InlineData("int", "8080808010", "field a, byte 5: 2147483648 is beyond the range of an int")]
    [InlineData("boolean", "02", "field a, byte 0: a boolean is 0 or 1, found 2")]
    [InlineData("double", "00000000000000", "field a, byte 0: 8 bytes expected, 7 left")]
    [InlineData("null|long", "0400", "field a, byte 1: branch 2 of a union of 2")]
    [InlineData("null|long", "0100", "field a, byte 1: branch -1 of a union of 2")]
    [InlineData("decimal", "0A0254 0BE400", "field a, byte 1: a value of more than 10 digits for decimal(10, 2)")]
    [InlineData("decimal", "1401 000000000000000000", "field a, byte 1: a value of more than 10 digits for decimal(10, 2)")]
    [InlineData("decimal", "00", "field a, byte 1: a decimal of no bytes")]
    [InlineData("millis", "FFFFFFFFFFFFFFFFFF01", "ms is beyond the range of microseconds")]
    public void Each_mistake_has_its_field_and_byte(string type, string hex, string expected)
    {
        var json = type switch
        {
            "decimal" => """{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}""",
            "millis" => """{"type":"long","logicalType":"timestamp-millis"}""",
            "null|long" => """["null","long"]""",
            _ => $"\"{type}\"",
        };
        var codec = new AvroRowCodec(AvroSchema.Parse($$"""{"type":"record","name":"r","fields":[{"name":"a","type":{{json}}}]}"""));
        var target = new RowBatchBuilder(codec.Columns);
        var exception = Assert.Throws<FormatViolationException>(() => codec.Decode(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), target));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, target.RowCount);
    }

    [Fact]
    public void Decimals_of_the_largest_and_smallest_values_survive()
    {
        var codec = new AvroRowCodec(AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":18,"scale":2}}]}"""));
        long[] values = [0, 1, -1, 127, 128, -128, -129, 255, 256, 32767, 32768, 999_999_999_999_999_999, -999_999_999_999_999_999];
        var batch = ToBatch(codec.Columns, values.Select(value => new object?[] { value }).ToArray());
        var target = new RowBatchBuilder(codec.Columns);
        for (var i = 0; i < values.Length; i++)
        {
            var bytes = Encode(codec, batch, i);
            Assert.Equal(new BigInteger(values[i]).ToByteArray(isBigEndian: true), bytes[1..]);
            codec.Decode(bytes, target);
        }
        AssertEqual(batch, target.Build());
    }

    [Fact]
    public void Values_that_the_schema_does_not_allow_are_not_written()
    {
        var codec = new AvroRowCodec(AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"id","type":"string"},{"name":"a","type":{"type":"bytes","logicalType":"decimal","precision":4,"scale":2}}]}"""));
        var batch = ToBatch(codec.Columns, [["x", 10_000L], ["x", null]]);
        var output = new ArrayBufferWriter<byte>();
        var tooLarge = Assert.Throws<FormatViolationException>(() => codec.Encode(batch, 0, output));
        Assert.Contains("Field a, row 0: unscaled 10000 does not fit decimal(4, 2)", tooLarge.Message, StringComparison.Ordinal);
        var missing = Assert.Throws<FormatViolationException>(() => codec.Encode(batch, 1, output));
        Assert.Contains("Field a, row 1: null", missing.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public void A_batch_may_have_more_columns_but_not_others()
    {
        var codec = new AvroRowCodec(AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"id","type":"string"}]}"""));
        ColumnSchema[] wider = [.. codec.Columns, new ColumnSchema(2, "ingest_time", DataType.TimestampTz)];
        var batch = ToBatch(wider, [["x", 5L]]);
        var target = new RowBatchBuilder(wider);
        codec.Decode(Encode(codec, batch, 0), target);
        target.Longs(1).Append(5);
        AssertEqual(batch, target.Build());
        var other = ToBatch([new ColumnSchema(1, "key", DataType.String)], [["x"]]);
        Assert.Throws<ArgumentException>(() => Encode(codec, other, 0));
    }

    [Fact]
    public void Millis_are_rounded_down()
    {
        var codec = new AvroRowCodec(AvroSchema.Parse("""{"type":"record","name":"r","fields":[{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}}]}"""));
        var batch = ToBatch(codec.Columns, [[1999L], [-1L], [-1000L], [-1001L]]);
        var target = new RowBatchBuilder(codec.Columns);
        for (var i = 0; i < 4; i++) codec.Decode(Encode(codec, batch, i), target);
        Assert.Equal([1000L, -1000L, -1000L, -2000L], target.Build().Longs("at").Span.ToArray());
    }

    [Theory]
    [InlineData("""{"type":"array","items":"int"}""", "array fits no column")]
    [InlineData("""["null","int","string"]""", "only unions of null and one other type")]
    [InlineData("""{"type":"bytes","logicalType":"decimal"}""", "a decimal needs a precision")]
    [InlineData("""{"type":"bytes","logicalType":"decimal","precision":4,"scale":5}""", "needs a scale of 0 to 4")]
    public void Fields_that_are_not_flat_are_refused(string type, string expected)
    {
        var schema = AvroSchema.Parse($$"""{"type":"record","name":"r","fields":[{"name":"a","type":{{type}}}]}""");
        var exception = Assert.Throws<FormatViolationException>(() => new AvroRowCodec(schema));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }
}
