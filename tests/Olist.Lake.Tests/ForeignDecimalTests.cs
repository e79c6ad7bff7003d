using System.Globalization;
using Olist.Formats.Columns;
using Olist.Formats.Tests.Parquet;

namespace Olist.Lake.Tests;

/// <summary>Filters and look-ups by decimals in a file of another writer, which stores them as big-endian bytes, against the values written. Needs Node.</summary>
public sealed class ForeignDecimalTests
{
    const int FileRows = 2000;

    static readonly (string Name, int Digits)[] InFile = [("fixed8", 18), ("fixed4", 9), ("fixed16", 18), ("bytes", 18), ("fixed9", 20), ("number", 18)];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="digits">Of the table's columns; 0: those of the file.</param>
    /// <param name="ids">Whether the file says field ids; without them its columns go by name.</param>
    static async Task<(LakeTable Table, decimal?[][] Values)> MakeAsync(int digits, string ids)
    {
        ColumnSchema[] columns = [.. InFile.Select((column, i) => new ColumnSchema(i + 1, column.Name, DataType.Decimal(digits == 0 ? column.Digits : digits, 2)))];
        var lake = await TestLake.CreateAsync(new TableDefinition(columns));
        Tables.DumpTablesAttribute.LeaveOut("without field ids no table of other readers; decimals as bytes are doubles to hyparquet");
        var builder = new RowBatchBuilder(columns);
        for (var i = 0; i < columns.Length; i++) builder.Columns[i].AppendNull();
        await lake.Table.CommitAsync(new TableChange { Append = [builder.Build()] }, Token);
        var path = Path.GetTempFileName();
        try
        {
            var written = await NodeReaders.RunAsync("write-hyparquet-decimals.mjs", path, FileRows.ToString(CultureInfo.InvariantCulture), "somebody version 1", ids);
            await new ForeignEngine(lake).AppendFileAsync(await File.ReadAllBytesAsync(path, Token), FileRows);
            var values = written.EnumerateArray().Select(column => column.EnumerateArray().Select(value => value.GetString() is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) / 100 : (decimal?)null).ToArray()).ToArray();
            return (await lake.ReopenAsync(), values);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(0, "ids")]
    [InlineData(0, "names")]
    [InlineData(24, "ids")]
    [InlineData(24, "names")]
    public async Task Filters_and_look_ups_find_all_rows(int digits, string ids)
    {
        var (table, values) = await MakeAsync(digits, ids);
        for (var i = 0; i < InFile.Length; i++)
        {
            var (name, of) = (InFile[i].Name, values[i]);
            decimal[] sorted = [.. of.OfType<decimal>().Order()];
            foreach (var at in (int[])[0, 1, sorted.Length / 4, sorted.Length / 2, sorted.Length / 2 + 3, sorted.Length - 1])
            {
                var (wanted, later) = (sorted[at], sorted[Math.Min(at + 120, sorted.Length - 1)]);
                await AssertAsync(ColumnRange.EqualTo(name, wanted), value => value == wanted);
                await AssertAsync(new ColumnRange(name, wanted, later), value => value >= wanted && value <= later);
                await AssertAsync(new ColumnRange(name, null, wanted), value => value <= wanted);
                await AssertAsync(new ColumnRange(name, later, null), value => value >= later);
                await AssertAsync(ColumnRange.OneOf(name, wanted, later, 0.5m), value => value == wanted || value == later || value == 0.5m);
                await AssertLookedUpAsync(table, i, wanted, later);
            }
            await AssertAsync(ColumnRange.EqualTo(name, sorted[^1] + 1), _ => false);

            async Task AssertAsync(ColumnRange where, Predicate<decimal> isWanted)
            {
                var found = new List<decimal>();
                await foreach (var batch in table.ScanAsync(new ScanRequest { Where = [where], Columns = [name] }, Token))
                    for (var row = 0; row < batch.RowCount; row++) found.Add(ValueOf(batch.Columns[0], row));
                Assert.Equal(sorted.Where(value => isWanted(value)), found.Order());
            }
        }
    }

    static async Task AssertLookedUpAsync(LakeTable table, int column, params decimal[] wanted)
    {
        var builder = new RowBatchBuilder([table.Columns[column]]);
        decimal[] distinct = [.. wanted.Distinct()];
        foreach (var value in distinct)
            if (builder.Columns[0] is ValueBuilder<long> longs) longs.Append((long)(value * 100));
            else ((BytesBuilder)builder.Columns[0]).Append(new System.Numerics.BigInteger(value * 100).ToByteArray(isUnsigned: false, isBigEndian: true));
        var (found, _) = await table.LookupAsync(null, builder.Build(), [table.Columns[column].Name], Token);
        Assert.Equal(distinct.Order(), Enumerable.Range(0, found.RowCount).Select(row => ValueOf(found.Columns[0], row)).Order());
    }

    static decimal ValueOf(Column column, int row) => column switch
    {
        ValueColumn<long> longs => longs[row] / 100m,
        _ => (decimal)new System.Numerics.BigInteger(((BytesColumn)column)[row], isUnsigned: false, isBigEndian: true) / 100m,
    };
}
