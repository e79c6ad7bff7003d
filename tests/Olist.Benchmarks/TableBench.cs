using Olist.Formats.Columns;
using Olist.Formats.Parquet;
using Olist.Lake;
using Olist.Storage;

namespace Olist.Benchmarks;

/// <summary>One table of the benchmark: its rows in memory, as a file, and as an Iceberg table of one append.</summary>
sealed class TableBench
{
    readonly string _name;
    readonly string _folder;
    readonly List<RowBatch> _rows = [];
    readonly LakeTable _lake;

    TableBench(string name, string folder, LakeTable lake)
    {
        _name = name;
        _folder = folder;
        _lake = lake;
    }

    string FilePath => Path.Combine(_folder, $"{_name}.ours.parquet");

    /// <summary>Makes the rows, in batches of 64 Ki as readers and steps hand them over, and the Iceberg table.</summary>
    public static async Task<TableBench> CreateAsync(string name, int rows, int seed, string folder)
    {
        var catalog = await LakeCatalog.OpenAsync(new LocalObjectStore(Path.Combine(folder, "lake")), TimeProvider.System);
        var table = await catalog.EnsureTableAsync(new TableName("bench", name), new TableDefinition(BenchTables.SchemaOf(name)));
        var bench = new TableBench(name, folder, table);
        const int Batch = 64 << 10;
        for (var first = 0; first < rows; first += Batch) bench._rows.Add(BenchTables.Make(name, first, Math.Min(Batch, rows - first), rows, seed));
        await bench.WriteAsync();
        await table.CommitAsync(new TableChange { Append = bench._rows });
        return bench;
    }

    /// <summary>All rows into a file, flushed to the operating system.</summary>
    public async Task<string> WriteAsync()
    {
        await using var file = new FileStream(FilePath, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        await using var writer = new ParquetWriter(file, BenchTables.SchemaOf(_name));
        foreach (var batch in _rows) await writer.WriteAsync(batch, default);
        return (await writer.CompleteAsync(default)).FileBytes.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Aggregates over all rows and columns, read through the table.</summary>
    public Task<string> ScanAsync() => AggregateAsync(new ScanRequest(), BenchTables.SchemaOf(_name));

    /// <summary>Aggregates over some columns of the rows within a range.</summary>
    public Task<string> FilterAsync(IReadOnlyList<string> columns, string by, long atLeast, long atMost) => AggregateAsync(
        new ScanRequest { Columns = columns, Where = [Range(by, atLeast, atMost)] },
        [.. columns.Select(name => BenchTables.SchemaOf(_name).First(column => column.Name == name))]);

    ColumnRange Range(string column, long atLeast, long atMost) => BenchTables.SchemaOf(_name).First(known => known.Name == column).Type.Kind == TypeKind.Decimal
        ? new ColumnRange(column, atLeast / 100m, atMost / 100m)
        : new ColumnRange(column, atLeast, atMost);

    async Task<string> AggregateAsync(ScanRequest request, IReadOnlyList<ColumnSchema> schema)
    {
        var aggregates = new Aggregates(schema);
        await foreach (var batch in _lake.ScanAsync(request)) aggregates.Add(batch);
        return aggregates.ToString();
    }
}
