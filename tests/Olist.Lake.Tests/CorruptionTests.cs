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

    [Fact]
    public async Task A_flipped_byte_never_escapes_as_anything_but_a_typed_error()
    {
        var (lake, _, keys) = await MakeAsync();
        foreach (var key in keys.Where(key => !key.EndsWith(".text", StringComparison.Ordinal)))
        {
            var whole = await lake.Store.ReadAsync(key, Token);
            for (var at = 0; at < whole.Length; at += 13)
            {
                var flipped = (byte[])whole.Clone();
                flipped[at] ^= 0x15;
                await lake.Store.PutAsync(key, flipped, Token);
                await DrainAsync(lake);
            }
            await lake.Store.PutAsync(key, whole, Token);
        }
    }

    /// <summary>Reads everything; a flipped letter may have given a column another name, so rows are not looked at.</summary>
    static async Task DrainAsync(TestLake lake)
    {
        try
        {
            await foreach (var batch in (await lake.ReopenAsync()).ScanAsync(null, null, Token)) Assert.InRange(batch.RowCount, 1, 3);
        }
        catch (LakeException)
        {
            // Typed, so named.
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
