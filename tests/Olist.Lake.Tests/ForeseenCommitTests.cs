using Olist.Storage;
using Olist.Testing.Stores;
using static Olist.Lake.Tests.TestLake;

namespace Olist.Lake.Tests;

/// <summary>Commits that somebody reads on from before they are published.</summary>
public sealed class ForeseenCommitTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData(false), InlineData(true)]
    public async Task What_is_foreseen_can_be_read_before_anybody_else_sees_it_and_is_what_is_published_then(bool onDisk)
    {
        using var folder = new TemporaryFolder();
        var lake = await CreateAsync(store: onDisk ? new LocalObjectStore(folder.Path) : null);
        await lake.AppendAsync(Order(1, "a"), Order(2, "a"));
        var (foreseen, publish) = (new TaskCompletionSource<LakeTable>(), new TaskCompletionSource());
        var at = lake.Table.Current!.SnapshotId;
        var (_, positions) = await lake.Table.LookupAsync(at, Keys(Order(1).OrderId), [], Token);
        var committing = lake.Table.CommitAsync(new TableChange
        {
            Append = [Batch(Order(1, "b"), Order(3, "b"))],
            Delete = positions,
            BaseSnapshotId = at,
            Foreseen = foreseen.SetResult,
            PublishAfter = publish.Task,
        }, Token).AsTask();

        var ahead = await foreseen.Task;
        Row[] rows = [Order(1, "b"), Order(2, "a"), Order(3, "b")];
        Assert.Equal(rows, await TestLake.ScanAsync(ahead));
        Assert.Equal([Order(1, "b"), Order(3, "b")], Rows(await ahead.ReadAddedAsync(at, ahead.Current!.SnapshotId, null, Token)).OrderBy(row => row.OrderId, StringComparer.Ordinal));
        Assert.Equal([Order(1, "b")], Rows((await ahead.LookupAsync(null, Keys(Order(1).OrderId), null, Token)).Rows));
        Assert.Equal(at, (await lake.ReopenAsync()).Current!.SnapshotId);
        Assert.False(committing.IsCompleted);

        publish.SetResult();
        var snapshot = await committing;
        var reopened = await lake.ReopenAsync();
        Assert.Equal((ahead.MetadataVersion, ahead.Current.SnapshotId, ahead.Current.ManifestList), (reopened.MetadataVersion, snapshot.SnapshotId, reopened.Current!.ManifestList));
        Assert.Equal(rows, await TestLake.ScanAsync(reopened));
    }

    [Fact]
    public async Task A_commit_whose_turn_never_comes_leaves_nothing()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        var before = await KeysAsync(lake);
        foreach (var failure in new Exception[] { new InvalidOperationException("broken"), new StoreException("no space"), new CommitConflictException("somebody else") })
        {
            var refused = await Assert.ThrowsAsync(failure.GetType(), async () => await lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(2))], PublishAfter = Task.FromException(failure) }, Token));
            Assert.Same(failure, refused);
            Assert.Equal(before, await KeysAsync(lake));
        }
        using var given = new CancellationTokenSource();
        var waiting = lake.Table.CommitAsync(new TableChange { Append = [Batch(Order(2))], Foreseen = _ => given.Cancel(), PublishAfter = new TaskCompletionSource().Task }, given.Token).AsTask();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal([Order(1)], await TestLake.ScanAsync(await lake.ReopenAsync()));
        // The table is as good as before.
        await lake.AppendAsync(Order(2));
        Assert.Equal([Order(1), Order(2)], await lake.ScanAsync());
    }

    [Fact]
    public async Task A_commit_that_lost_a_race_is_foreseen_anew()
    {
        var lake = await CreateAsync();
        await lake.AppendAsync(Order(1));
        var (first, publish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var foreseen = new List<LakeTable>();
        var committing = lake.Table.CommitAsync(new TableChange
        {
            Append = [Batch(Order(2))],
            Foreseen = table =>
            {
                foreseen.Add(table);
                first.TrySetResult();
            },
            PublishAfter = publish.Task,
        }, Token).AsTask();
        await first.Task;
        var other = await lake.ReopenAsync();
        await other.CommitAsync(new TableChange { Append = [Batch(Order(3))] }, Token);
        publish.SetResult();

        var snapshot = await committing;
        Assert.Equal(2, foreseen.Count);
        Assert.All(foreseen, table => Assert.Equal(snapshot.SnapshotId, table.Current!.SnapshotId));
        Assert.Equal(other.Current!.SnapshotId, snapshot.ParentId);
        Assert.Equal((snapshot.ParentId, lake.Table.MetadataVersion), (foreseen[1].Current!.ParentId, foreseen[1].MetadataVersion));
        Assert.NotEqual(snapshot.ParentId, foreseen[0].Current!.ParentId);
        Assert.Equal([Order(1), Order(2), Order(3)], await TestLake.ScanAsync(await lake.ReopenAsync()));
    }

    static async Task<List<string>> KeysAsync(TestLake lake)
    {
        var keys = new List<string>();
        await foreach (var info in lake.Store.ListAsync("", Token)) keys.Add(info.Key);
        return keys;
    }
}
