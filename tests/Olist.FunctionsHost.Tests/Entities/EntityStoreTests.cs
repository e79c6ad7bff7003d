using System.Text;
using Olist.FunctionsHost.Durable.Entities;
using Olist.FunctionsHost.Durable.EntityStore;
using Olist.FunctionsHost.Hosting;
using Olist.FunctionsHost.Tests.Support;

namespace Olist.FunctionsHost.Tests.Entities;

public sealed class EntityStoreTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1), InlineData(20181017)]
    public void The_index_holds_what_a_dictionary_holds(int seed)
    {
        var random = new Random(seed);
        var index = new EntityIndex();
        var expected = new Dictionary<long, ulong>();
        for (long i = 1; i < 20_000; i++)
        {
            var hash = (ulong)random.Next(400) * 0x0101_0204_0810_2041; // Few hashes, so that most of them collide.
            if (random.Next(3) == 0 && expected.Count > 0)
            {
                var (location, of) = expected.ElementAt(random.Next(Math.Min(expected.Count, 50)));
                expected.Remove(location);
                if (random.Next(2) == 0) index.Remove(of, location);
                else
                {
                    index.Replace(of, location, i);
                    expected[i] = of;
                }
            }
            else
            {
                index.Add(hash, i);
                expected[i] = hash;
            }
        }
        Assert.Equal(expected.Count, index.Count);
        foreach (var same in expected.GroupBy(pair => pair.Value))
            Assert.Equal(same.Select(pair => pair.Key).Order(), index.Find(same.Key).Order());
        var all = new List<(ulong Hash, long Location)>();
        for (var first = 0UL; first < 256; first++)
            for (var part = 0UL; part < 16; part++)
                index.Collect((first << 56) | (part << 52), (first << 56) | (part << 52) | ((1UL << 52) - 1), all);
        Assert.Equal(expected.Select(pair => (pair.Value, pair.Key)).Order(), all.Order());
    }

    [Fact]
    public void Entities_with_the_same_hash_are_kept_apart_through_removal_and_recovery()
    {
        using var folder = new TempFolder();
        var gate = new Lock();
        List<SegmentInfo> infos = [];
        using (var entities = new EntitySet(folder.Root, gate))
        {
            foreach (var step in (string[])["a=1 b=1", "b=2", "c=1", "a-", "c=2 d=1", "a=3", "d-"])
            {
                using var writer = entities.Disk.Begin();
                var record = new Olist.FunctionsHost.Durable.Log.RecordWriter();
                var cells = new List<EntityCell>();
                foreach (var change in step.Split(' '))
                {
                    var cell = entities.GetOrAdd(7, $"@x@{change[0]}");
                    if (!cell.IsLoaded) entities.Load(cell);
                    cell.IsRemoved = change[1] == '-';
                    cell.State = cell.IsRemoved ? null : Encoding.UTF8.GetBytes(change[2..]);
                    cell.Stage = CellStage.Writing;
                    cells.Add(cell);
                }
                foreach (var cell in cells)
                {
                    record.Clear();
                    EntityCodec.WriteCell(record, cell);
                    cell.NextLocation = writer.Add(record.Written, cell.Hash, cell.IsRemoved, true, 0);
                }
                infos.Add(writer.Finish(toDisk: false));
                entities.Disk.Attach(infos[^1]);
                foreach (var cell in cells) entities.Settle(cell);
            }
        }
        using var again = new EntitySet(folder.Root, gate);
        again.Disk.Recover(infos, (_, _) => { });
        Assert.Equal(("3", "2", "2", null), (Read(again, "a"), Read(again, "b"), Read(again, "c"), Read(again, "d")));
        Assert.Equal(3, again.Disk.Index.Count);
        var merge = new SegmentMerge(again, gate, again.Disk.Segments);
        var merged = merge.Write(toDisk: false)!;
        again.Disk.Attach(merged);
        merge.Settle();
        again.Disk.Detach(again.Disk.Segments.Where(segment => segment.Info.Number != merged.Number).ToList());
        Assert.Equal(3, merged.Records);
        Assert.Equal(("3", "2", "2", null), (Read(again, "a"), Read(again, "b"), Read(again, "c"), Read(again, "d")));
    }

    [Fact]
    public void Entities_that_grew_in_memory_weigh_what_they_have_grown_to()
    {
        const int Count = 80, StateBytes = 1 << 20;
        using var folder = new TempFolder();
        using var entities = new EntitySet(folder.Root, new Lock());
        var state = new byte[StateBytes];
        var cells = Enumerable.Range(0, Count).Select(i => entities.GetOrAdd($"@x@{i}")).ToList(); // They come in empty.
        using (var writer = entities.Disk.Begin())
        {
            var record = new Olist.FunctionsHost.Durable.Log.RecordWriter();
            foreach (var cell in cells)
            {
                (cell.State, cell.Stage) = (state, CellStage.Writing);
                record.Clear();
                EntityCodec.WriteCell(record, cell);
                cell.NextLocation = writer.Add(record.Written, cell.Hash, false, false, 0);
            }
            entities.Disk.Attach(writer.Finish(toDisk: false));
        }
        foreach (var cell in cells) entities.Settle(cell);
        entities.Trim();
        Assert.Equal(Count, entities.Table.Count); // All were used since the cache last looked.
        var used = cells[..3];
        foreach (var cell in used) Assert.Same(cell, entities.GetOrAdd(cell.Id));
        entities.Trim();

        var kept = entities.Table.All.ToList();
        Assert.InRange(kept.Sum(cell => (long)cell.Weight), (64L << 20) - cells[0].Weight, 64L << 20);
        Assert.Subset(kept.ToHashSet(), used.ToHashSet());
        foreach (var dropped in cells.Except(kept)) Assert.Equal(StateBytes, entities.Disk.Read(dropped.Hash, dropped.Id, out _)?.State?.Length);
    }

    static string? Read(EntitySet entities, string key) =>
        entities.Disk.Read(7, $"@x@{key}", out _) is { State: { } state } ? Encoding.UTF8.GetString(state) : null;

    [Fact]
    public async Task A_hundred_thousand_entities_are_recovered_and_read_from_disk()
    {
        const int Count = 100_000;
        using var folder = new TempFolder();
        await using (var app = await EntityApp.StartAsync(folder, configure: options => options.DurableCheckpointBytes = 4 << 20))
        {
            for (var first = 0; first < Count; first += 1000)
                await Task.WhenAll(Enumerable.Range(first, 1000).Select(i => app.SignalAsync($"{i:D6}", "Add", i)));
            await app.UntilBalanceAsync($"{Count - 1:D6}", Count - 1);
            await app.Durable.Engine.CheckpointAsync();
        }
        await using var again = await EntityApp.StartAsync(folder);
        for (var i = 0; i < Count; i += 997) Assert.Equal(i, await again.BalanceAsync($"{i:D6}"));
        var count = 0;
        await foreach (var _ in again.Entities.GetAllEntitiesAsync(new Olist.FunctionsHost.DurableTask.Client.Entities.EntityQuery { IncludeState = false, PageSize = 10_000 })) count++;
        Assert.Equal(Count, count);
    }

    [Fact]
    public async Task A_checkpoint_is_not_done_before_the_log_has_gone_to_its_new_segment()
    {
        using var folder = new TempFolder();
        await using (var app = await EntityApp.StartAsync(folder))
        {
            await app.SignalAsync("late", "Add", 1);
            await app.UntilBalanceAsync("late", 1);
        }
        // Started again it has nothing to do, so that nobody else wants the log while its writer is held.
        await using (var app = await EntityApp.StartAsync(folder))
        {
            var engine = app.Durable.Engine;
            var durable = Path.Combine(folder.Root, "state", "durable");
            Task checkpoint;
            using (engine.Log.HoldWriter())
            {
                // Everything is durable, and what changed is written at once: only the writer's turn is missing.
                checkpoint = engine.CheckpointAsync();
                Assert.False(checkpoint.IsCompleted);
                Assert.True(File.Exists(Path.Combine(durable, $"log-{engine.Log.Segment - 1:D8}.wal")), "the segment that is still written to is gone");
            }
            await checkpoint;
            Assert.Equal([Path.Combine(durable, $"log-{engine.Log.Segment:D8}.wal")], Directory.GetFiles(durable, "*.wal"));
            for (var i = 0; i < 3; i++)
            {
                await app.SignalAsync("late", "Add", 10);
                await engine.CheckpointAsync();
            }
            await app.UntilBalanceAsync("late", 31);
        }
        await using var again = await EntityApp.StartAsync(folder);
        Assert.Equal(31, await again.BalanceAsync("late"));
    }

    [Fact]
    public async Task The_store_does_not_grow_without_bound()
    {
        using var folder = new TempFolder();
        await using var app = await EntityApp.StartAsync(folder, configure: options => options.DurableCheckpointBytes = 50_000);
        for (var i = 0; i < 40; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(key => app.Entities.SignalEntityAsync(EntityApp.Id($"{key}", "Tally"), "Increment", 1, null, Cancellation)));
            await app.Durable.Engine.CheckpointAsync();
        }
        await Eventually.TrueAsync(() =>
        {
            var files = Directory.GetFiles(Path.Combine(folder.Root, "state", "durable"), "*.seg");
            return files.Length < 16 && files.Sum(path => new FileInfo(path).Length) < 250_000;
        }, "the store to be merged");
    }

    [Theory]
    [InlineData("flip"), InlineData("cut"), InlineData("gone")]
    public async Task Damage_is_told_with_file_and_offset(string damage)
    {
        using var folder = new TempFolder();
        await using (var app = await EntityApp.StartAsync(folder))
        {
            await app.SignalAsync("a", "Add", 1);
            await app.UntilBalanceAsync("a", 1);
            await app.Durable.Engine.CheckpointAsync();
        }
        var file = Directory.GetFiles(Path.Combine(folder.Root, "state", "durable"), "*.seg").Single();
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        if (damage == "flip") bytes[20] ^= 1;
        if (damage == "gone") File.Delete(file);
        else await File.WriteAllBytesAsync(file, damage == "cut" ? bytes[..^1] : bytes, Cancellation);
        if (damage != "flip")
        {
            Assert.Contains(file, (await Assert.ThrowsAsync<CorruptStateException>(() => EntityApp.StartAsync(folder))).Message, StringComparison.Ordinal);
            return;
        }
        await using var again = await EntityApp.StartAsync(folder);
        Assert.Contains($"{file}, offset 8", (await Assert.ThrowsAsync<CorruptStateException>(() => again.BalanceAsync("a"))).Message, StringComparison.Ordinal);
        await again.SignalAsync("a", "Add", 1);
        await again.SignalAsync("b", "Add", 1);
        await again.UntilBalanceAsync("b", 1);
    }
}
