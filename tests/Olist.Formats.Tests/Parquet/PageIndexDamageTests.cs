using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Files whose page indexes say something else than what is there.</summary>
public sealed class PageIndexDamageTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_changed_byte_anywhere_never_gives_wrong_rows()
    {
        var batch = RandomBatches.Make(71, 90, 0.2, distinct: 12);
        var good = await Files.WriteAsync(batch, new ParquetWriterOptions { PageRows = 25 });
        int[] rows = [3, 60, 61, 62, 89];
        var expected = batch.Gather(rows);
        var random = new Random(72);
        for (var at = 0; at < good.Length; at++)
        {
            var bad = (byte[])good.Clone();
            bad[at] ^= (byte)(1 << random.Next(8));
            try
            {
                var reader = await ParquetReader.OpenAsync(new MemoryFile(bad), Token);
                if (reader.RowCount != batch.RowCount || !reader.Columns.SequenceEqual(batch.Schema)) continue; // the footer has no checksum
                BatchAssert.Equal(expected, await reader.ReadRowGroupAsync(0, reader.Columns, RowRanges.OfRows(rows), Token));
                foreach (var column in reader.Columns) await reader.FindRowsAsync(0, column, page => page.Min is not null, Token);
            }
            catch (FormatViolationException e)
            {
                Assert.StartsWith("memory.parquet: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task An_index_cut_off_or_overwritten_with_noise_is_not_used()
    {
        ColumnSchema[] schema = [new(1, "n", DataType.Long), new(2, "text", DataType.String)];
        var batch = RandomBatches.Make(73, 2000, 0.1, schema: schema);
        var (good, summary) = await Files.WriteAsync(schema, [batch], new ParquetWriterOptions { PageRows = 100 });
        var footer = BitConverter.ToInt32(good, good.Length - 8);
        var indexes = (int)(summary.SplitOffsets[0] + summary.Columns.Sum(column => column.CompressedBytes));
        var random = new Random(74);
        for (var round = 0; round < 300; round++)
        {
            var bad = (byte[])good.Clone();
            var (from, end) = (random.Next(indexes, good.Length - 8 - footer), good.Length - 8 - footer);
            random.NextBytes(bad.AsSpan(from, random.Next(1, end - from + 1)));
            var reader = await ParquetReader.OpenAsync(new MemoryFile(bad), Token);
            var rows = PageIndexTests.RandomRows(random, 2000);
            try
            {
                BatchAssert.Equal(batch.Gather(rows), await reader.ReadRowGroupAsync(0, schema, RowRanges.OfRows(rows), Token));
                await reader.FindRowsAsync(0, schema[0], page => page.Min is not null, Token);
            }
            catch (FormatViolationException e)
            {
                Assert.StartsWith("memory.parquet: ", e.Message, StringComparison.Ordinal);
            }
        }
    }
}
