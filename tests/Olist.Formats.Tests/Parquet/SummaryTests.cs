using System.Numerics;
using System.Text;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

public sealed class SummaryTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 25)]
    [InlineData(3, 1)]
    public async Task Summary_and_footer_agree_with_a_plain_count(int seed, int distinct)
    {
        var batch = RandomBatches.Make(seed, 2000, 0.2, distinct);
        var (file, summary) = await Files.WriteAsync(batch.Schema, [batch], new ParquetWriterOptions { PageRows = 150 });
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        Assert.Equal(batch.RowCount, summary.RowCount);
        Assert.Equal(file.Length, summary.FileBytes);
        Assert.Equal([4L], summary.SplitOffsets);
        for (var i = 0; i < batch.Columns.Count; i++)
        {
            var column = batch.Columns[i];
            var found = summary.Columns[i];
            var statistics = reader.Statistics(0, batch.Schema[i].FieldId)!;
            var values = Enumerable.Range(0, column.Count).Where(row => !column.IsNull(row)).Select(row => Comparable(column, row)).ToArray();
            var numbers = values.Where(value => value is not double.NaN).ToArray();
            Assert.Equal(column.CountNulls(), found.NullCount);
            Assert.Equal(found.NullCount, statistics.NullCount);
            Assert.Equal(column.Type.Kind is TypeKind.Float or TypeKind.Double ? values.Length - numbers.Length : null, found.NanCount);
            Assert.Equal(batch.RowCount, found.ValueCount);
            Assert.Equal(numbers.Length == 0 ? null : numbers.Min(Order), found.Min is null ? null : FromPlain(column.Type, found.Min));
            Assert.Equal(numbers.Length == 0 ? null : numbers.Max(Order), found.Max is null ? null : FromPlain(column.Type, found.Max));
            if (found.Min is not null && found.Min.Length <= 64) Assert.Equal(found.Min, statistics.Min);
        }
        Assert.True(summary.Columns.Sum(column => column.CompressedBytes) < file.Length);
    }

    [Fact]
    public async Task Zeros_are_bounded_by_both_zeros_and_NaN_by_none()
    {
        ColumnSchema[] schema = [new(1, "zeros", DataType.Double), new(2, "nans", DataType.Float), new(3, "nulls", DataType.String)];
        var batch = new RowBatch(schema, [new ValueColumn<double>(DataType.Double, [0.0, -0.0, 0.0], 3), new ValueColumn<float>(DataType.Float, [float.NaN, float.NaN, float.NaN], 3), BytesColumn.Of(null, null, null)], 3);
        var (_, summary) = await Files.WriteAsync(schema, [batch]);
        Assert.Equal(BitConverter.GetBytes(-0.0), summary.Columns[0].Min);
        Assert.Equal(BitConverter.GetBytes(0.0), summary.Columns[0].Max);
        Assert.Equal((3L, (byte[]?)null, (byte[]?)null), (summary.Columns[1].NanCount!.Value, summary.Columns[1].Min, summary.Columns[1].Max));
        Assert.Equal((3L, (byte[]?)null, (byte[]?)null), (summary.Columns[2].NullCount, summary.Columns[2].Min, summary.Columns[2].Max));
    }

    [Theory]
    [InlineData("a", 200)]
    [InlineData("ação🚚", 40)]
    [InlineData("\U0010FFFF", 100)]
    [InlineData("\uD7FF", 50)]
    public async Task Long_text_is_cut_in_the_footer_and_whole_in_the_summary(string part, int times)
    {
        var text = string.Concat(Enumerable.Repeat(part, times));
        ColumnSchema[] schema = [new(1, "text", DataType.String)];
        var (file, summary) = await Files.WriteAsync(schema, [new RowBatch(schema, [BytesColumn.Of(text)], 1)]);
        Assert.Equal(text, Encoding.UTF8.GetString(summary.Columns[0].Min!));
        Assert.Equal(text, Encoding.UTF8.GetString(summary.Columns[0].Max!));
        var statistics = (await ParquetReader.OpenAsync(new MemoryFile(file), Token)).Statistics(0, 1)!;
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        Assert.True(strict.GetString(statistics.Min!).Length > 0 && statistics.Min!.Length <= 64);
        Assert.True(statistics.Min.AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text)) < 0);
        // Nothing is greater than the largest character repeated.
        if (part == "\U0010FFFF") Assert.Null(statistics.Max);
        else
        {
            strict.GetString(statistics.Max!);
            Assert.True(statistics.Max!.Length <= 66 && statistics.Max.AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(text)) > 0);
        }
    }

    [Fact]
    public async Task Bloom_filters_never_deny_what_is_there_and_mostly_deny_what_is_not()
    {
        ColumnSchema[] schema = [new(1, "id", DataType.String), new(2, "n", DataType.Long), new(3, "plain", DataType.Long)];
        var ids = BytesColumn.Of(Enumerable.Range(0, 5000).Select(i => "order " + i).ToArray());
        var numbers = Enumerable.Range(0, 5000).Select(i => i * 7L).ToArray();
        var batch = new RowBatch(schema, [ids, new ValueColumn<long>(DataType.Long, numbers, 5000), new ValueColumn<long>(DataType.Long, numbers, 5000)], 5000);
        var (file, _) = await Files.WriteAsync(schema, [batch], new ParquetWriterOptions { BloomFilterColumns = new HashSet<string> { "id", "n" } });
        var reader = await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        var wrong = 0;
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(await MayContainAsync(reader, schema[0], ids[i].ToArray()));
            Assert.True(await MayContainAsync(reader, schema[1], BitConverter.GetBytes(numbers[i])));
            if (await MayContainAsync(reader, schema[0], Encoding.UTF8.GetBytes("none " + i))) wrong++;
            if (await MayContainAsync(reader, schema[1], BitConverter.GetBytes(numbers[i] + 1))) wrong++;
        }
        Assert.True(wrong < 100, $"{wrong} of 10000 absent values were not denied.");
        Assert.Null(await reader.ReadBloomFilterAsync(0, schema[2], Token));
        Assert.Null(await reader.ReadBloomFilterAsync(0, new ColumnSchema(99, "none", DataType.Long), Token));
    }

    static async Task<bool> MayContainAsync(ParquetReader reader, ColumnSchema column, byte[] plain)
    {
        var filter = await reader.ReadBloomFilterAsync(0, column, Token);
        return filter!.MayContain(ParquetBloomFilter.HashOf(plain));
    }

    [Theory, InlineData(1), InlineData(40), InlineData(20_000)]
    public async Task A_filter_says_of_many_values_at_once_what_it_says_of_each(int count)
    {
        ColumnSchema[] schema = [new(1, "n", DataType.Int)];
        var (file, _) = await Files.WriteAsync(schema, [new RowBatch(schema, [new ValueColumn<int>(DataType.Int, [.. Enumerable.Range(0, count)], count)], count)],
            new ParquetWriterOptions { BloomFilterColumns = new HashSet<string> { "n" }, BloomFilterFalsePositives = 0.2 });
        var filter = (await (await ParquetReader.OpenAsync(new MemoryFile(file), Token)).ReadBloomFilterAsync(0, schema[0], Token))!;
        var hashes = Enumerable.Range(0, 3 * count).Select(n => ParquetBloomFilter.HashOf(BitConverter.GetBytes(n))).ToArray();
        var may = new byte[hashes.Length + 1];
        may[^1] = 7;
        filter.Test(hashes, may);
        Assert.Equal(hashes.Select(hash => (byte)(filter.MayContain(hash) ? 1 : 0)).Append((byte)7), may);
        filter.Test([], []);
    }

    [Fact]
    public async Task A_filter_of_ints_is_not_asked_for_longs_and_a_surer_filter_is_surer()
    {
        ColumnSchema[] schema = [new(1, "n", DataType.Int)];
        var numbers = Enumerable.Range(0, 20_000).ToArray();
        async Task<ParquetReader> WriteAsync(double falsePositives)
        {
            var (file, _) = await Files.WriteAsync(schema, [new RowBatch(schema, [new ValueColumn<int>(DataType.Int, numbers, numbers.Length)], numbers.Length)],
                new ParquetWriterOptions { BloomFilterColumns = new HashSet<string> { "n" }, BloomFilterFalsePositives = falsePositives });
            return await ParquetReader.OpenAsync(new MemoryFile(file), Token);
        }
        var reader = await WriteAsync(0.0001);
        Assert.Null(await reader.ReadBloomFilterAsync(0, schema[0] with { Type = DataType.Long }, Token));
        var sure = (await reader.ReadBloomFilterAsync(0, schema[0], Token))!;
        var usual = (await (await WriteAsync(0.01)).ReadBloomFilterAsync(0, schema[0], Token))!;
        int Wrong(ParquetBloomFilter filter) => Enumerable.Range(20_000, 100_000).Count(n => filter.MayContain(ParquetBloomFilter.HashOf(BitConverter.GetBytes(n))));
        Assert.True(Wrong(sure) <= 20, $"{Wrong(sure)} of 100,000 absent values were not denied.");
        Assert.True(sure.Bytes > usual.Bytes);
    }

    static readonly Comparer<object> Order = Comparer<object>.Create((left, right) => (left, right) switch
    {
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (double a, double b) when a == b => double.IsNegative(b).CompareTo(double.IsNegative(a)),
        _ => ((IComparable)left).CompareTo(right),
    });

    static object Comparable(Column column, int row) => column switch
    {
        ValueColumn<byte> flags => (long)flags[row],
        ValueColumn<int> ints => (long)ints[row],
        ValueColumn<long> longs => longs[row],
        ValueColumn<float> floats => (double)floats[row],
        ValueColumn<double> doubles => doubles[row],
        BytesColumn bytes when column.Type.Kind == TypeKind.Decimal => new BigInteger(bytes[row], isUnsigned: false, isBigEndian: true),
        BytesColumn bytes => bytes[row].ToArray(),
        _ => throw new InvalidOperationException(),
    };

    static object FromPlain(DataType type, byte[] plain) => type.Kind switch
    {
        TypeKind.Boolean => (long)plain[0],
        TypeKind.Float => (double)BitConverter.ToSingle(plain),
        TypeKind.Double => BitConverter.ToDouble(plain),
        TypeKind.Decimal when type.Precision > 18 => new BigInteger(plain, isUnsigned: false, isBigEndian: true),
        TypeKind.String or TypeKind.Binary or TypeKind.Uuid or TypeKind.Fixed => plain,
        _ => plain.Length == 4 ? BitConverter.ToInt32(plain) : BitConverter.ToInt64(plain),
    };
}
