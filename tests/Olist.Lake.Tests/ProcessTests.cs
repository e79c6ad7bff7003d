using System.Diagnostics;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests;

public sealed class ProcessTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_that_append_and_merge_into_one_table_lose_and_double_nothing()
    {
        const int Writers = 3, Commits = 8;
        using var folder = new TemporaryFolder();
        var lake = await TestLake.CreateAsync(store: new LocalObjectStore(folder.Path, Durability.Process));
        var processes = Enumerable.Range(1, Writers).Select(writer => WriterProcess.Start(folder.Path, writer, Commits)).ToArray();
        var errors = await Task.WhenAll(processes.Select(process => process.StandardError.ReadToEndAsync(Token)));
        foreach (var process in processes)
        {
            await process.WaitForExitAsync(Token);
            Assert.True(process.ExitCode == 0, string.Concat(errors));
            process.Dispose();
        }
        var table = await lake.ReopenAsync();
        var rows = await TestLake.ScanAsync(table);
        Assert.Equal(Writers * Commits, Assert.Single(rows, row => row.OrderId == "shared").Quantity);
        Assert.Equal(Enumerable.Range(1, Writers).SelectMany(writer => Enumerable.Range(0, Commits).Select(i => TestLake.Order(writer * 1_000 + i))), rows.Where(row => row.OrderId != "shared"));
        Assert.Equal(2 * Writers * Commits, table.Snapshots.Count);
        await Tables.DumpTablesAttribute.WriteNowAsync(lake);
    }

    [Fact]
    public async Task A_writer_that_is_killed_leaves_a_table_that_opens_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        var lake = await TestLake.CreateAsync(store: new LocalObjectStore(folder.Path, Durability.Process));
        for (var round = 0; round < 3; round++)
        {
            using var process = WriterProcess.Start(folder.Path, round + 1, 1_000);
            var version = lake.Table.MetadataVersion;
            // Let it commit some, then pull the plug wherever it is.
            while (lake.Table.MetadataVersion < version + 5 + round)
            {
                Assert.False(process.HasExited, process.HasExited ? await process.StandardError.ReadToEndAsync(Token) : "");
                await lake.Table.RefreshAsync(Token);
                await Task.Yield();
            }
            process.Kill();
            await process.WaitForExitAsync(Token);
            await lake.Table.RefreshAsync(Token);
            var before = await lake.ScanAsync();
            var shared = before.SingleOrDefault(row => row.OrderId == "shared")?.Quantity ?? 0;
            var ofRounds = before.Where(row => row.OrderId != "shared").Select(row => row.Quantity).Count();
            // Each append is followed by one count, so a kill leaves at most one append per round uncounted.
            Assert.InRange(ofRounds - shared, 0, round + 1);
            await lake.AppendAsync(TestLake.Order(50_000 + round));
            Assert.Equal(before.Count + 1, (await lake.ScanAsync()).Count);
            await TestLake.UpsertAsync(lake.Table, [], deletes: [TestLake.Order(50_000 + round).OrderId]);
        }
    }
}
