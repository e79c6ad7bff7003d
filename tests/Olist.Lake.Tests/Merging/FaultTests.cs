using Olist.Formats.Columns;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests.Merging;

/// <summary>Rewriting rows, evolving, naming and picking: a fault at any call leaves the table as it was or as it should be, never in between.</summary>
public sealed class FaultTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static readonly string[] Names = ["id", "kind"];

    static TableDefinition Definition { get; } = new([new(1, "id", DataType.Long, Required: true), new(2, "kind", DataType.String)]) { Key = ["id"] };

    static async Task<TestLake> CreateAsync(IObjectStore store)
    {
        var lake = await TestLake.CreateAsync(Definition, store);
        await Cells.AppendAsync(lake.Table, Names, [1L, "a"], [2L, "a"]);
        await Cells.AppendAsync(lake.Table, Names, [3L, "b"], [4L, "b"]);
        await lake.Table.CommitAsync(new TableChange { Append = [Cells.Batch(lake.Table, Names, [9L, "staged"])], IsStaged = true }, Token);
        await Cells.AppendAsync(lake.Table, Names, [5L, "c"]);
        return lake;
    }

    static async Task DoAsync(LakeTable table, string what)
    {
        switch (what)
        {
            case "rewrite": await Cells.MergeAsync(table, Names, [[2L, "new"], [6L, "new"]], [3L], RowLevelMode.CopyOnWrite); break;
            case "drop files": await table.DeleteAsync([ColumnRange.EqualTo("kind", "b")], null, Token); break;
            case "replace all": await table.OverwriteAsync([], [Cells.Batch(table, Names, [7L, "only"])], null, Token); break;
            case "evolve": await table.EvolveAsync(e => e.AddColumn("x", DataType.Int).RenameColumn("kind", "sort").AddPartitionField("sort", "identity").SetProperty("k", "v"), Token); break;
            case "tag": await table.References.CreateTagAsync("t", cancellationToken: Token); break;
            case "pick": await table.References.CherryPickAsync(table.Snapshots[2].SnapshotId, cancellationToken: Token); break;
            default: throw new ArgumentException(what);
        }
    }

    static async Task<string> StateAsync(LakeTable table) => string.Join('\n',
        [.. await Cells.ReadAsync(table), $"spec {table.Partitioning.SpecId}, k {table.Properties.GetValueOrDefault("k")}", .. table.References.List().Where(reference => reference.Name != "main").Select(reference => reference.Name)]);

    public static readonly MatrixTheoryData<string, Fault> All = new(["rewrite", "drop files", "replace all", "evolve", "tag", "pick"], [Fault.ErrorBefore, Fault.LostAnswer, Fault.Dead]);

    [Theory, MemberData(nameof(All))]
    public async Task A_fault_at_any_call_leaves_the_table_before_or_after(string what, Fault fault)
    {
        var reference = await CreateAsync(new MemoryObjectStore());
        var before = await StateAsync(reference.Table);
        await DoAsync(reference.Table, what);
        var after = await StateAsync(reference.Table);
        Assert.NotEqual(before, after);
        for (var at = 1; ; at++)
        {
            var inner = new MemoryObjectStore();
            var lake = await CreateAsync(inner);
            var faulty = new FaultyStore(inner);
            var table = await lake.ReopenAsync(faulty);
            var first = faulty.Calls + at;
            faulty.Faults = call => call.Number == first && !(fault == Fault.LostAnswer && call.Verb is not (StoreVerb.Create or StoreVerb.Put)) ? fault : Fault.None;
            Exception? error = null;
            try
            {
                await DoAsync(table, what);
            }
            catch (Exception e) when (e is StoreException or LakeException)
            {
                error = e;
            }
            var reopened = await lake.ReopenAsync(inner);
            var found = await StateAsync(reopened);
            if (error is null) Assert.Equal(after, found);
            else if (error is CommitStateUnknownException) Assert.Contains(found, (string[])[before, after]);
            else Assert.Equal(before, found);
            if (found == before) await DoAsync(reopened, what);
            Assert.Equal(after, await StateAsync(await lake.ReopenAsync(inner)));
            if (faulty.Calls < first) return;
            Assert.True(at < 200);
        }
    }
}
