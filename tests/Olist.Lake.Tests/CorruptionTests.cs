using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

/// <summary>Damage to any file of a table is harmless or named; it never gives other rows.</summary>
public sealed class CorruptionTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task<(TestLake Lake, List<Row> Rows, List<string> Keys)> MakeAsync()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1, "a"), Order(2, "a"), Order(3, "a"));
        await UpsertAsync(lake.Table, [Order(2, "b")]);
        var keys = new List<string>();
        await foreach (var info in lake.Store.ListAsync("bronze/orders/", Token)) keys.Add(info.Key);
        return (lake, await lake.ScanAsync(), keys);
    }

    /// <summary>Rows as a fresh reader sees them, or the typed error that it gets.</summary>
    static async Task<(List<Row>? Rows, string? Error)> ReadAsync(TestLake lake)
    {
        try
        {
            return (await TestLake.ScanAsync(await lake.ReopenAsync()), null);
        }
        catch (LakeException e)
        {
            return (null, e.Message);
        }
    }

    [Fact]
    public async Task Every_truncated_or_missing_file_is_named_or_not_needed()
    {
        var (lake, rows, keys) = await MakeAsync();
        foreach (var key in keys)
        {
            var whole = await lake.Store.ReadAsync(key, Token);
            foreach (var length in Enumerable.Range(0, 12).Select(i => whole.Length * i / 12).Append(whole.Length - 1).Distinct())
            {
                await lake.Store.PutAsync(key, whole.AsMemory(0, length), Token);
                var (read, error) = await ReadAsync(lake);
                if (read is not null) Assert.Equal(rows, read);
                else Assert.Contains(key[(key.LastIndexOf('/') + 1)..], error, StringComparison.Ordinal);
            }
            await lake.Store.DeleteAsync(key, Token);
            var (without, missing) = await ReadAsync(lake);
            if (without is null) Assert.Contains(key[(key.LastIndexOf('/') + 1)..], missing, StringComparison.Ordinal);
            else if (!key.EndsWith(".metadata.json", StringComparison.Ordinal)) Assert.Equal(rows, without);
            await lake.Store.PutAsync(key, whole, Token);
        }
        Assert.Equal(rows, (await ReadAsync(lake)).Rows);
    }

    /// <summary>Bytes of a table in steps by default; all of them with OLIST_EVERY_BYTE=1, which takes a few minutes.</summary>
    [Fact]
    public async Task A_flipped_byte_is_harmless_or_named_and_never_gives_other_rows()
    {
        var (lake, rows, _) = await MakeAsync();
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var info in lake.Store.ListAsync("", Token)) files[info.Key] = await lake.Store.ReadAsync(info.Key, Token);
        var step = Environment.GetEnvironmentVariable("OLIST_EVERY_BYTE") == "1" ? 1 : 7;
        var places = files.SelectMany(file => Enumerable.Range(0, file.Value.Length).Where(at => at % step == file.Key.Length % step).Select(at => (file.Key, At: at))).ToArray();
        var named = 0;
        await Parallel.ForEachAsync(places.Chunk(256), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Token }, async (chunk, _) =>
        {
            var store = new MemoryObjectStore(lake.Store.RootUri);
            foreach (var (key, content) in files) await store.PutAsync(key, content, Token);
            foreach (var (key, at) in chunk)
            {
                foreach (var change in (byte[])[(byte)(1 << (at % 8)), 0xFF])
                {
                    var flipped = (byte[])files[key].Clone();
                    flipped[at] ^= change;
                    await store.PutAsync(key, flipped, Token);
                    if (await ReadEveryWayAsync(store, rows, $"{key}, byte {at} ^ {change:x2}")) Interlocked.Increment(ref named);
                }
                await store.PutAsync(key, files[key], Token);
            }
        });
        Assert.True(named > places.Length, $"{named} of {2 * places.Length} flips were named.");
    }

    /// <summary>All rows, each row by its key, and what each snapshot added.</summary>
    /// <returns>Whether the damage was named.</returns>
    static async Task<bool> ReadEveryWayAsync(IObjectStore store, List<Row> expected, string damage)
    {
        try
        {
            var table = await (await LakeCatalog.OpenExistingAsync(store, TimeProvider.System, cancellationToken: Token)).GetTableAsync(Name, Token);
            var rows = await TestLake.ScanAsync(table);
            Assert.True(expected.SequenceEqual(rows), $"{damage}: other rows were read: {string.Join("; ", rows)}");
            var (found, _) = await table.LookupAsync(table.Current?.SnapshotId, Keys([.. expected.Select(row => row.OrderId)]), ["order_id", "status"], Token);
            Assert.True(found.RowCount == expected.Count, $"{damage}: {found.RowCount} of {expected.Count} keys were found.");
            return false;
        }
        catch (LakeException)
        {
            return true; // Typed, so named.
        }
    }

    [Fact]
    public async Task A_file_of_another_format_is_refused_by_name()
    {
        var (lake, _, keys) = await MakeAsync();
        var data = keys.First(key => key.Contains("/data/", StringComparison.Ordinal) && !key.Contains("deletes", StringComparison.Ordinal));
        await lake.Store.PutAsync(data, "this is no parquet file, whatever its name says"u8.ToArray(), Token);
        Assert.Contains(data, (await ReadAsync(lake)).Error, StringComparison.Ordinal);
    }
}
