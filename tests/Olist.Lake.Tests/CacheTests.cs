using Olist.Storage;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

/// <summary>What a lake keeps in memory of files that nobody asks for any more. Alone, as the memory of a process is everybody's.</summary>
[Collection(AloneCollection.Name)]
public sealed class CacheTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("olist-cache-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Many_small_files_take_no_more_memory_than_the_cache_may_have()
    {
        const int Files = 500, CacheBytes = 1 << 20;
        var catalog = await LakeCatalog.OpenAsync(new LocalObjectStore(_folder, Storage.Durability.Process), TimeProvider.System, new LakeOptions { CacheBytes = CacheBytes }, Token);
        var table = await catalog.EnsureTableAsync(Name, Definition, Token);
        for (var i = 0; i < Files; i++) await table.CommitAsync(new TableChange { Append = [Batch(Order(i))] }, Token);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Assert.Equal(Files, await CountAsync(table));
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        // All of them would take some 15 KB each.
        Assert.InRange(grown, long.MinValue, 3 * CacheBytes);
        Assert.Equal(Files, await CountAsync(table));
        GC.KeepAlive(catalog);
    }

    static async Task<long> CountAsync(LakeTable table)
    {
        long rows = 0;
        await foreach (var batch in table.ScanAsync(null, null, Token)) rows += batch.RowCount;
        return rows;
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
