using System.Buffers.Binary;
using Olist.Formats.Columns;
using Olist.Formats.Parquet.Metadata;

namespace Olist.Formats.Tests.Parquet;

/// <summary>What other writers write and we do not.</summary>
public sealed class ForeignEncodingTests
{
    static readonly bool[] Validity = [true, true, false, true, false, false, true, true, true, false];

    static SchemaElement Leaf(PhysicalType type, int length = 0) => new("c") { Type = type, TypeLength = length, Repetition = Repetition.Optional };

    static readonly byte[][] Texts = [.. ((string[])["Hello", "Help", "Helping", "", "Zebra", "Zebras"]).Select(System.Text.Encoding.UTF8.GetBytes)];

    static string[] Rows(Column column) => Enumerable.Range(0, column.Count).Select(row => BatchAssert.Value(column, row)).ToArray();

    static string[] Expected(IEnumerable<string> values)
    {
        var queue = new Queue<string>(values);
        return Validity.Select(valid => valid ? queue.Dequeue() : "null").ToArray();
    }

    static string[] ExpectedTexts => Expected(Texts.Select(text => "x" + Convert.ToHexString(text)));

    [Fact]
    public void Text_as_delta_lengths_or_delta_strings_is_read()
    {
        foreach (var (encoding, body) in (IEnumerable<(PageEncoding, byte[])>)[(PageEncoding.DeltaLengthByteArray, DullEncodings.DeltaLength(Texts)), (PageEncoding.DeltaByteArray, DullEncodings.DeltaStrings(Texts)), (PageEncoding.Plain, DullEncodings.PlainBytes(Texts))])
        {
            var column = new ForeignChunk(Leaf(PhysicalType.ByteArray)).Page(encoding, body, Validity).Page(encoding, body, Validity).Decode();
            Assert.Equal([.. ExpectedTexts, .. ExpectedTexts], Rows(column));
        }
    }

    [Fact]
    public void A_chunk_that_gave_up_its_dictionary_becomes_plain()
    {
        byte[] codes = [3, .. DullEncodings.Hybrid([0, 1, 2, 3, 4, 5], 3)];
        var column = new ForeignChunk(Leaf(PhysicalType.ByteArray))
            .Dictionary(DullEncodings.PlainBytes(Texts), 6)
            .Page(PageEncoding.RleDictionary, codes, Validity)
            .Page(PageEncoding.Plain, DullEncodings.PlainBytes(Texts), Validity)
            .Page(PageEncoding.PlainDictionary, codes, Validity)
            .Decode();
        Assert.Null(((BytesColumn)column).Codes);
        Assert.Equal([.. ExpectedTexts, .. ExpectedTexts, .. ExpectedTexts], Rows(column));
    }

    [Fact]
    public void A_dictionary_with_an_entry_twice_comes_back_with_distinct_ones()
    {
        byte[] codes = [2, .. DullEncodings.Hybrid([0, 1, 2, 3, 2, 1], 2)];
        var column = (BytesColumn)new ForeignChunk(Leaf(PhysicalType.ByteArray))
            .Dictionary(DullEncodings.PlainBytes([Texts[0], Texts[1], Texts[0], Texts[4]]), 4)
            .Page(PageEncoding.RleDictionary, codes, Validity).Decode();
        Assert.Equal(3, column.Dictionary!.Count);
        Assert.Equal(Expected(((int[])[0, 1, 0, 4, 0, 1]).Select(i => "x" + Convert.ToHexString(Texts[i]))), Rows(column));
    }

    [Fact]
    public void Split_numbers_and_fixed_values_are_read()
    {
        int[] ints = [1, -2, int.MaxValue, 0, 77, int.MinValue];
        var expected = Expected(ints.Select(value => value.ToString()));
        Assert.Equal(expected, Rows(new ForeignChunk(Leaf(PhysicalType.Int32)).Page(PageEncoding.ByteStreamSplit, DullEncodings.Split([.. ints.Select(BitConverter.GetBytes)]), Validity).Decode()));
        Assert.Equal(expected, Rows(new ForeignChunk(Leaf(PhysicalType.Int64)).Page(PageEncoding.ByteStreamSplit, DullEncodings.Split([.. ints.Select(value => BitConverter.GetBytes((long)value))]), Validity).Decode()));
        byte[][] values = [.. ints.Select(value => (byte[])[.. BitConverter.GetBytes(value), 9])];
        Assert.Equal(Expected(values.Select(value => "x" + Convert.ToHexString(value))), Rows(new ForeignChunk(Leaf(PhysicalType.FixedLengthByteArray, 5)).Page(PageEncoding.ByteStreamSplit, DullEncodings.Split(values), Validity).Decode()));
        Assert.Equal(Expected(values.Select(value => "x" + Convert.ToHexString(value))), Rows(new ForeignChunk(Leaf(PhysicalType.FixedLengthByteArray, 5)).Page(PageEncoding.DeltaByteArray, DullEncodings.DeltaStrings(values), Validity).Decode()));
    }

    [Fact]
    public void Integer_deltas_are_read_and_wrap()
    {
        int[] ints = [int.MaxValue, int.MinValue, 0, 77, int.MinValue, int.MaxValue];
        // A writer of INT32 wraps at 32 bits; the sums of its deltas run out of them.
        long sum = int.MaxValue;
        var wrapped = ints.Select((value, i) => i == 0 ? sum : sum += unchecked(value - ints[i - 1])).ToArray();
        Assert.Equal(Expected(ints.Select(value => value.ToString())), Rows(new ForeignChunk(Leaf(PhysicalType.Int32)).Page(PageEncoding.DeltaBinaryPacked, DullEncodings.Delta(wrapped), Validity).Decode()));
    }

    [Fact]
    public void Booleans_in_runs_are_read()
    {
        var runs = DullEncodings.Hybrid([1, 0, 0, 1, 1, 0], 1);
        Assert.Equal(Expected("100110".Select(c => c.ToString())), Rows(new ForeignChunk(Leaf(PhysicalType.Boolean)).Page(PageEncoding.Rle, [.. BitConverter.GetBytes(runs.Length), .. runs], Validity).Decode()));
    }

    [Fact]
    public void Int96_timestamps_become_microseconds()
    {
        var body = new byte[12 * 6];
        for (var i = 0; i < 6; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(12 * i), 86_399_999_999_000L - i * 1000);
            BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(12 * i + 8), 2_440_588 + 17_000 - i * 10_000);
        }
        var column = new ForeignChunk(Leaf(PhysicalType.Int96)).Page(PageEncoding.Plain, body, Validity).Decode();
        Assert.Equal(Expected(Enumerable.Range(0, 6).Select(i => ((17_000L - i * 10_000) * 86_400_000_000 + 86_399_999_999 - i).ToString())), Rows(column));
    }

    [Fact]
    public void Decimals_in_bytes_are_read_as_numbers_or_as_few_bytes()
    {
        byte[][] values = [[0, 0, 0, 0, 0, 0, 0, 0, 1, 0], [0xFF, 0xFF, 0xFE], [0], [0x7F], [0xFF], [0x00, 0xFF]];
        var narrow = Leaf(PhysicalType.ByteArray) with { Converted = ConvertedType.Decimal, Precision = 10, Scale = 2 };
        Assert.Equal(Expected(["256", "-2", "0", "127", "-1", "255"]), Rows(new ForeignChunk(narrow).Page(PageEncoding.Plain, DullEncodings.PlainBytes(values), Validity).Decode()));
        var wide = narrow with { Precision = 25 };
        Assert.Equal(Expected(["x0100", "xFE", "x00", "x7F", "xFF", "x00FF"]), Rows(new ForeignChunk(wide).Page(PageEncoding.Plain, DullEncodings.PlainBytes(values), Validity).Decode()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Damage_in_any_encoding_is_refused_or_harmless(int seed)
    {
        byte[] codes = [3, .. DullEncodings.Hybrid([0, 1, 2, 3, 4, 5], 3)];
        byte[][] fives = [.. Texts.Select((_, i) => (byte[])[1, 2, 3, 4, (byte)i])];
        var runs = DullEncodings.Hybrid([1, 0, 0, 1, 1, 0], 1);
        ForeignChunk[] chunks =
        [
            new ForeignChunk(Leaf(PhysicalType.ByteArray)).Page(PageEncoding.DeltaLengthByteArray, DullEncodings.DeltaLength(Texts), Validity),
            new ForeignChunk(Leaf(PhysicalType.ByteArray)).Page(PageEncoding.DeltaByteArray, DullEncodings.DeltaStrings(Texts), Validity),
            new ForeignChunk(Leaf(PhysicalType.ByteArray)).Dictionary(DullEncodings.PlainBytes(Texts), 6).Page(PageEncoding.RleDictionary, codes, Validity),
            new ForeignChunk(Leaf(PhysicalType.ByteArray)).Dictionary(DullEncodings.PlainBytes(Texts), 6).Page(PageEncoding.RleDictionary, codes, Validity).Page(PageEncoding.Plain, DullEncodings.PlainBytes(Texts), Validity),
            new ForeignChunk(Leaf(PhysicalType.FixedLengthByteArray, 5)).Page(PageEncoding.ByteStreamSplit, DullEncodings.Split(fives), Validity).Page(PageEncoding.DeltaByteArray, DullEncodings.DeltaStrings(fives), Validity),
            new ForeignChunk(Leaf(PhysicalType.Int32)).Page(PageEncoding.DeltaBinaryPacked, DullEncodings.Delta([1, 5, 900, -3, 7, 7]), Validity),
            new ForeignChunk(Leaf(PhysicalType.Int64)).Page(PageEncoding.DeltaBinaryPacked, DullEncodings.Delta([1, 5, 900, -3, long.MinValue, 7]), Validity),
            new ForeignChunk(Leaf(PhysicalType.Boolean)).Page(PageEncoding.Rle, [.. BitConverter.GetBytes(runs.Length), .. runs], Validity),
            new ForeignChunk(Leaf(PhysicalType.Int96)).Page(PageEncoding.Plain, new byte[72], Validity),
        ];
        var random = new Random(seed);
        foreach (var chunk in chunks)
        {
            var good = chunk.Bytes;
            chunk.Decode(good);
            for (var round = 0; round < 3000; round++)
            {
                var bad = good[..(random.Next(5) == 0 ? random.Next(good.Length) : good.Length)];
                for (var flips = random.Next(1, 4); flips > 0 && bad.Length > 0; flips--) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                try
                {
                    Rows(chunk.Decode(bad));
                }
                catch (Exception e) when (e is FormatViolationException or ArgumentException or IndexOutOfRangeException or OverflowException)
                {
                    // The latter three are what ParquetReader turns into the first.
                }
            }
        }
    }
}
