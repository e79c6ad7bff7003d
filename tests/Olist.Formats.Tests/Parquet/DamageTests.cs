using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Files with a byte changed or an end missing: right rows, or an error that names the file. Never anything else.</summary>
public sealed class DamageTests
{
    [Theory]
    [InlineData(ParquetCodec.None)]
    [InlineData(ParquetCodec.Snappy)]
    [InlineData(ParquetCodec.Gzip)]
    public async Task Any_changed_byte_is_detected_or_harmless(ParquetCodec codec)
    {
        var batch = RandomBatches.Make(3, 60, 0.2, distinct: 8);
        var options = new ParquetWriterOptions { Codec = codec, PageRows = 25, BloomFilterColumns = new HashSet<string> { batch.Schema[1].Name } };
        var good = await Files.WriteAsync(batch, options);
        var random = new Random(9);
        var detected = 0;
        var before = GC.GetTotalAllocatedBytes();
        for (var at = 0; at < good.Length; at++)
            foreach (var change in codec == ParquetCodec.None ? (byte[])[(byte)(1 << random.Next(8)), 0xFF] : [(byte)(1 << random.Next(8))])
            {
                var bad = (byte[])good.Clone();
                bad[at] ^= change;
                if (await ReadsOrNamesTheFileAsync(bad, batch)) detected++;
            }
        Assert.True(detected > good.Length / 2, $"{detected} changes of {good.Length} bytes were detected.");
        Assert.True((GC.GetTotalAllocatedBytes() - before) / good.Length < 4_000_000, "Damage made the reader take memory.");
    }

    [Fact]
    public async Task A_file_without_its_end_is_no_Parquet_file()
    {
        var batch = RandomBatches.Make(4, 30, 0.2, distinct: 8);
        var good = await Files.WriteAsync(batch);
        for (var length = 0; length < good.Length; length++)
            Assert.True(await ReadsOrNamesTheFileAsync(good[..length], batch), $"{length} of {good.Length} bytes were read as a whole file.");
    }

    [Fact]
    public async Task A_changed_page_is_named_with_row_group_column_and_page()
    {
        ColumnSchema[] schema = [new(1, "n", DataType.Long, Required: true), new(2, "text", DataType.String)];
        var batch = RandomBatches.Make(5, 4000, 0, schema: schema);
        var (good, summary) = await Files.WriteAsync(schema, [batch], new ParquetWriterOptions { Codec = ParquetCodec.None, PageRows = 1000, RowGroupBytes = 40_000 });
        var bad = (byte[])good.Clone();
        bad[summary.SplitOffsets[1] + 10_000] ^= 1;
        var error = await Assert.ThrowsAsync<FormatViolationException>(() => Files.ReadAsync(bad));
        Assert.StartsWith("memory.parquet: row group 1, column n: page 1: its checksum is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Noise_is_no_Parquet_file()
    {
        var random = new Random(6);
        for (var round = 0; round < 500; round++)
        {
            var noise = new byte[random.Next(200)];
            random.NextBytes(noise);
            if (noise.Length > 12)
            {
                "PAR1"u8.CopyTo(noise.AsSpan(noise.Length - 4));
                BitConverter.TryWriteBytes(noise.AsSpan(noise.Length - 8), random.Next(noise.Length));
            }
            await Assert.ThrowsAsync<FormatViolationException>(() => Files.ReadAsync(noise));
        }
    }

    /// <returns>True when the damage was detected.</returns>
    static async Task<bool> ReadsOrNamesTheFileAsync(byte[] file, RowBatch expected)
    {
        try
        {
            var read = await Files.ReadAsync(file);
            await Files.ReadAsync(file, [new ColumnSchema(1, "renamed", DataType.Boolean)]);
            var reader = await ParquetReader.OpenAsync(new MemoryFile(file), TestContext.Current.CancellationToken);
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                foreach (var column in reader.Columns) reader.Statistics(group, column.FieldId);
                // A filter that is damaged must not say that a value is not there.
                if (await reader.ReadBloomFilterAsync(group, expected.Schema[1], TestContext.Current.CancellationToken) is not { } filter) continue;
                for (var row = 0; row < expected.RowCount; row += 7)
                    if (!expected.Columns[1].IsNull(row)) Assert.True(filter.MayContain(ParquetBloomFilter.HashOf(BitConverter.GetBytes(((ValueColumn<int>)expected.Columns[1])[row]))));
            }
            BatchAssert.Equal(expected, read);
            return false;
        }
        catch (FormatViolationException e)
        {
            Assert.Contains("memory.parquet: ", e.Message, StringComparison.Ordinal);
            return true;
        }
    }
}
