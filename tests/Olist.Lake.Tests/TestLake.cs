using System.Globalization;
using Olist.Formats.Columns;
using Olist.Storage;
using Olist.Testing.Stores;

namespace Olist.Lake.Tests;

/// <summary>A small table of orders in a lake of its own, and plain rows in and out of it.</summary>
sealed class TestLake
{
    public static readonly IReadOnlyList<ColumnSchema> Columns =
    [
        new(1, "order_id", DataType.String, Required: true),
        new(2, "status", DataType.String),
        new(3, "at", DataType.TimestampTz),
        new(4, "price", DataType.Decimal(10, 2)),
        new(5, "quantity", DataType.Long),
    ];

    public static readonly TableName Name = new("bronze", "orders");

    public static TableDefinition Definition { get; } = new(Columns) { Key = ["order_id"] };

    TestLake(IObjectStore store, LakeCatalog catalog, LakeTable table)
    {
        Store = store;
        Catalog = catalog;
        Table = table;
    }

    public IObjectStore Store { get; }
    public LakeCatalog Catalog { get; }
    public LakeTable Table { get; }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<TestLake> CreateAsync(TableDefinition? definition = null, IObjectStore? store = null, int? seed = null, TimeProvider? time = null)
    {
        store ??= new MemoryObjectStore();
        var catalog = await LakeCatalog.OpenAsync(store, time ?? TimeProvider.System, new LakeOptions { Seed = seed }, Token);
        var lake = new TestLake(store, catalog, await catalog.EnsureTableAsync(Name, definition ?? Definition, Token));
        Tables.DumpTablesAttribute.Note(lake);
        return lake;
    }

    /// <summary>The table as another process would see it.</summary>
    public async Task<LakeTable> ReopenAsync(IObjectStore? store = null) =>
        await (await LakeCatalog.OpenExistingAsync(store ?? Store, TimeProvider.System, cancellationToken: Token)).GetTableAsync(Name, Token);

    /// <summary>For tests of tables that do not open.</summary>
    public Task ReopenToFailAsync() => ReopenAsync();

    public sealed record Row(string OrderId, string? Status = null, long? At = null, long? Price = null, long? Quantity = null);

    public static RowBatch Batch(params IReadOnlyList<Row> rows)
    {
        var builder = new RowBatchBuilder(Columns, Math.Max(rows.Count, 1));
        foreach (var row in rows)
        {
            builder.Bytes(0).Append(row.OrderId);
            if (row.Status is null) builder.Bytes(1).AppendNull();
            else builder.Bytes(1).Append(row.Status);
            Append(builder.Longs(2), row.At);
            Append(builder.Longs(3), row.Price);
            Append(builder.Longs(4), row.Quantity);
        }
        return builder.Build();
        static void Append(ValueBuilder<long> column, long? value)
        {
            if (value is { } number) column.Append(number);
            else column.AppendNull();
        }
    }

    public static RowBatch Keys(params IReadOnlyList<string> ids) => new([Columns[0]], [BytesColumn.Of([.. ids])], ids.Count);

    public static List<Row> Rows(RowBatch batch)
    {
        var rows = new List<Row>(batch.RowCount);
        for (var i = 0; i < batch.RowCount; i++)
            rows.Add(new Row(batch.Bytes("order_id").Find(i)!, batch.Bytes("status").Find(i), batch.Longs("at").Find(i), batch.Longs("price").Find(i), batch.Longs("quantity").Find(i)));
        return rows;
    }

    public static async Task<List<Row>> ScanAsync(LakeTable table, long? snapshotId = null)
    {
        var rows = new List<Row>();
        await foreach (var batch in table.ScanAsync(snapshotId, null, Token)) rows.AddRange(Rows(batch));
        return [.. rows.OrderBy(row => row.OrderId, StringComparer.Ordinal).ThenBy(row => row.Quantity)];
    }

    public Task<List<Row>> ScanAsync(long? snapshotId = null) => ScanAsync(Table, snapshotId);

    public ValueTask<LakeSnapshot> AppendAsync(params IReadOnlyList<Row> rows) => Table.CommitAsync(new TableChange { Append = [Batch(rows)] }, Token);

    /// <summary>Insert or update by order_id, the way a pipeline step does it.</summary>
    public static async Task<LakeSnapshot> UpsertAsync(LakeTable table, IReadOnlyList<Row> rows, IReadOnlyList<string>? deletes = null)
    {
        var at = table.Current?.SnapshotId;
        var (_, positions) = await table.LookupAsync(at, Keys([.. rows.Select(row => row.OrderId), .. deletes ?? []]), ["order_id"], Token);
        return await table.CommitAsync(new TableChange { Append = rows.Count == 0 ? [] : [Batch(rows)], Delete = positions, BaseSnapshotId = at }, Token);
    }

    public static Row Order(int number, string? status = null, long quantity = 1) =>
        new(number.ToString("x32", CultureInfo.InvariantCulture), status, 1_500_000_000_000_000 + number, number * 100 + 99, quantity);
}
