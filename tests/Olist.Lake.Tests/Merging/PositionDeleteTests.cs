using System.Collections.Concurrent;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests.Merging;

/// <summary>Deletes by position against a set of rows: also those of writers that neither sort nor look how long a file is.</summary>
public sealed class PositionDeleteTests
{
    static readonly int[] FileRows = [40_000, 3_000, 70];

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Rows of the files are numbered on, and so are their orders.</summary>
    static int FirstOf(int file) => FileRows.Take(file).Sum();

    static async Task<(TestLake Lake, List<string> Keys)> WithFilesAsync(string rowGroupBytes)
    {
        var lake = await CreateAsync(Definition with { Properties = new Dictionary<string, string> { [TableProperties.RowGroupBytes] = rowGroupBytes } });
        var keys = new List<string>();
        for (var file = 0; file < FileRows.Length; file++)
        {
            await lake.AppendAsync([.. Enumerable.Range(FirstOf(file), FileRows[file]).Select(number => Order(number, quantity: number))]);
            await foreach (var info in lake.Store.ListAsync("bronze/orders/data/", Token))
                if (!keys.Contains(info.Key)) keys.Add(info.Key);
        }
        return (lake, keys);
    }

    /// <summary>Runs and single rows of all files in turns, some twice, some before the first row and after the last.</summary>
    static List<(int File, long Row)> Listed(Random random)
    {
        var listed = new List<(int File, long Row)>();
        while (listed.Count < 1_500)
        {
            var file = random.Next(FileRows.Length);
            var row = random.Next(-3, FileRows[file] + 40);
            listed.AddRange(Enumerable.Range(row, random.Next(8) == 0 ? random.Next(300) : 1).Select(position => (file, (long)position)));
            if (random.Next(4) == 0) listed.Add(listed[random.Next(listed.Count)]);
        }
        listed.Add((0, long.MaxValue));
        listed.Add((1, long.MinValue));
        return listed;
    }

    // Row groups of some hundred rows, and one of all.
    [Theory, InlineData("40000", RowLevelMode.MergeOnRead), InlineData("40000", RowLevelMode.CopyOnWrite), InlineData("16777216", RowLevelMode.MergeOnRead), InlineData("16777216", RowLevelMode.CopyOnWrite)]
    public async Task Several_delete_files_in_any_order_and_beyond_the_file_take_the_rows_that_they_name(string rowGroupBytes, RowLevelMode mode)
    {
        var random = new Random(rowGroupBytes.Length);
        var (lake, keys) = await WithFilesAsync(rowGroupBytes);
        var live = Enumerable.Range(0, FileRows.Sum()).ToHashSet();
        var lists = Enumerable.Range(0, 5).Select(_ => Listed(random)).ToArray();
        live.ExceptWith(lists.SelectMany(list => list).Where(at => at.Row >= 0 && at.Row < FileRows[at.File]).Select(at => FirstOf(at.File) + (int)at.Row));
        await new ForeignEngine(lake).DeleteByPositionAsync([.. lists.Select(list => list.Select(at => (keys[at.File], at.Row)).ToArray())]);
        var table = await lake.ReopenAsync();
        await CheckAsync(table, live, random);

        // Ours beside theirs, seen by the table that wrote them and by one that reads them.
        var options = new RowLevelOptions { Mode = mode };
        await table.DeleteAsync([new ColumnRange("quantity", 17_000L, 17_099L)], options, Token);
        await table.DeleteAsync([ColumnRange.OneOf("quantity", 3L, 16_383L, 16_384L, 39_999L, 40_000L, 43_069L)], options, Token);
        live.ExceptWith([.. Enumerable.Range(17_000, 100), 3, 16_383, 16_384, 39_999, 40_000, 43_069]);
        await CheckAsync(table, live, random);
        await CheckAsync(await lake.ReopenAsync(), live, random);
    }

    static async Task CheckAsync(LakeTable table, HashSet<int> live, Random random)
    {
        Assert.Equal(live.Order(), (await TestLake.ScanAsync(table)).Select(row => (int)row.Quantity!));
        for (var look = 0; look < 8; look++)
        {
            var first = random.Next(FileRows.Sum());
            var (start, endExcl) = (first, first + random.Next(1, look % 2 == 0 ? 10 : 20_000));
            await CheckAsync(table, new ColumnRange("quantity", (long)start, endExcl - 1L), live.Where(row => row >= start && row < endExcl));
            int[] single = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.Next(FileRows.Sum()))];
            await CheckAsync(table, ColumnRange.OneOf("quantity", [.. single.Select(row => (object)(long)row)]), live.Intersect(single));
            var (found, positions) = await table.LookupAsync(null, Keys([.. single.Select(row => Order(row).OrderId)]), null, Token);
            Assert.Equal(live.Intersect(single).Order(), Rows(found).Select(row => (int)row.Quantity!).Order());
            Assert.Equal(found.RowCount, positions.Count);
        }
    }

    static async Task CheckAsync(LakeTable table, ColumnRange where, IEnumerable<int> expected)
    {
        var rows = new List<Row>();
        await foreach (var batch in table.ScanAsync(new ScanRequest { Where = [where] }, Token)) rows.AddRange(Rows(batch));
        Assert.Equal(expected.Order(), rows.Select(row => (int)row.Quantity!).Order());
    }

    [Fact]
    public async Task A_position_beyond_the_file_does_not_stand_for_its_last_row()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync([.. Enumerable.Range(0, 10).Select(number => Order(number))]);
        var key = (await lake.Store.ListAsync("bronze/orders/data/", Token).ToListAsync(Token)).Single().Key;
        await new ForeignEngine(lake).DeleteByPositionAsync([.. Enumerable.Range(0, 9).Append(10).Select(row => (key, (long)row))]);
        var table = await lake.ReopenAsync();
        Assert.Equal([Order(9)], await TestLake.ScanAsync(table));
        await table.DeleteAsync([], null, Token);
        Assert.Empty(await TestLake.ScanAsync(table));
    }

    [Fact]
    public async Task Deletes_written_to_a_table_that_is_looked_into_are_not_read_back()
    {
        var store = new FaultyStore(new MemoryObjectStore());
        var read = new ConcurrentBag<string>();
        store.Before = call =>
        {
            if (call.Verb is not (StoreVerb.Create or StoreVerb.Put) && call.Key.EndsWith("-deletes.parquet", StringComparison.Ordinal)) read.Add(call.Key);
            return Task.CompletedTask;
        };
        var lake = await CreateAsync(store: store);
        await lake.AppendAsync([.. Enumerable.Range(0, 20_000).Select(number => Order(number))]);
        Row[] merged = [.. Enumerable.Range(0, 300).Select(number => Order(number * 3, "again"))];
        for (var merge = 0; merge < 3; merge++) await UpsertAsync(lake.Table, merged);
        await CheckAsync(lake.Table);
        Assert.Empty(read);

        // Another reader reads them, and finds the same.
        var other = await lake.ReopenAsync();
        await CheckAsync(other);
        Assert.Equal(3, read.Distinct().Count());

        // What removes very many rows at once would push out what is kept of others.
        read.Clear();
        await UpsertAsync(lake.Table, [], [.. Enumerable.Range(0, 17_000).Select(number => Order(number).OrderId)]);
        Assert.Empty(read);
        Assert.Equal(3_000, (await lake.ScanAsync()).Count);
        Assert.Single(read.Distinct());

        async Task CheckAsync(LakeTable table)
        {
            var (rows, _) = await table.LookupAsync(null, Keys([.. Enumerable.Range(0, 900).Select(number => Order(number).OrderId)]), null, Token);
            Assert.Equal(Enumerable.Range(0, 900).Select(number => number % 3 == 0 ? merged[number / 3] : Order(number)), Rows(rows).OrderBy(row => row.At));
        }
    }
}
