using System.Globalization;
using Olist.Formats.Columns;
using Olist.Formats.Parquet;

namespace Olist.Formats.Tests.Parquet;

/// <summary>Damage to files of others, which have no checksums: a changed value can't be told from a right one, but nothing hangs, takes memory or fails with anything but an error that names the file. Needs Node.</summary>
/// <remarks>Bytes in steps by default; all of them with OLIST_EVERY_BYTE=1.</remarks>
public sealed class ForeignDamageTests
{
    /// <summary>Reading the undamaged files takes a few MB at most.</summary>
    const long MaxBytesPerRead = 256L << 20;

    static readonly bool EveryByte = Environment.GetEnvironmentVariable("OLIST_EVERY_BYTE") == "1";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, int> Made() => new()
    {
        { "write-duckdb-nested.mjs", "uncompressed", "V1", 3 }, { "write-duckdb-nested.mjs", "snappy", "V2", 3 }, { "write-duckdb.mjs", "uncompressed", "V1", 20 }, { "write-duckdb.mjs", "gzip", "V2", 20 },
        { "write-hyparquet.mjs", "UNCOMPRESSED", "", 3 }, { "write-hyparquet.mjs", "SNAPPY", "", 8 },
    };

    [Theory]
    [MemberData(nameof(Made))]
    public async Task A_changed_byte_or_a_missing_end_gives_plain_values_or_a_named_error(string script, string codec, string version, int rows)
    {
        using var file = new TempFile();
        var count = rows.ToString(CultureInfo.InvariantCulture);
        await NodeReaders.RunAsync(script, version.Length == 0 ? [file.Path, codec, count] : [file.Path, codec, version, count]);
        var good = await File.ReadAllBytesAsync(file.Path, Token);
        Assert.True(await IsReadAsync(good, good.Length));
        var random = new Random(5);
        var step = EveryByte ? 1 : 1 + good.Length / 1500;
        var named = 0;
        for (var at = random.Next(step); at < good.Length; at += step)
        {
            foreach (var change in (byte[])[(byte)(1 << random.Next(8)), 0xFF])
            {
                var bad = (byte[])good.Clone();
                bad[at] ^= change;
                if (!await IsReadAsync(bad, at)) named++;
            }
            Assert.False(await IsReadAsync(good[..at], at), $"{at} of {good.Length} bytes were read as a whole file.");
        }
        Assert.True(named > 0);
    }

    /// <returns>Whether every column could be read.</returns>
    static async Task<bool> IsReadAsync(byte[] bytes, int at)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isRead = true;
        try
        {
            var reader = await ParquetReader.OpenAsync(new MemoryFile(bytes), Token);
            for (var group = 0; group < reader.RowGroupCount; group++)
                foreach (var column in reader.Columns) isRead &= await IsReadAsync(reader, group, column);
        }
        catch (FormatViolationException e)
        {
            Assert.Contains("memory.parquet: ", e.Message, StringComparison.Ordinal);
            isRead = false;
        }
        // Everything above is done by this thread: nothing is awaited that is not there.
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken < MaxBytesPerRead, $"Byte {at}: reading took {taken} bytes.");
        return isRead;
    }

    static async Task<bool> IsReadAsync(ParquetReader reader, int group, ColumnSchema column)
    {
        try
        {
            reader.Statistics(group, column.FieldId);
            if (!column.Type.IsNested) await reader.ReadPageStatisticsAsync(group, column, Token);
            var batch = await reader.ReadRowGroupAsync(group, [column], Token);
            for (var row = 0; row < Math.Min(batch.RowCount, 1000); row++) NestedSpelling.Of(batch.Columns[0], row);
            return true;
        }
        catch (FormatViolationException e)
        {
            Assert.Matches("^memory.parquet: row group [0-9]+.*column ", e.Message);
            return false;
        }
    }
}
