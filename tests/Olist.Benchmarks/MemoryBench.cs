using System.Globalization;
using System.Text.RegularExpressions;
using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Storage;

namespace Olist.Benchmarks;

/// <summary>Appends and scans a table that is much larger than memory may be, and prints the kernel's own high-water mark of this process.</summary>
static partial class MemoryBench
{
    const long MostBytes = 600_000_000;
    const int Batch = 64 << 10;

    public static async Task<int> RunAsync(long rows, string folder)
    {
        var catalog = await LakeCatalog.OpenAsync(new LocalObjectStore(Path.Combine(folder, "lake")), TimeProvider.System);
        foreach (var name in (string[])["order_item", "fact_order_lead_days"])
        {
            // As the pipeline has them: facts in the order of their key.
            var definition = new TableDefinition(BenchTables.SchemaOf(name)) { SortOrder = name == "order_item" ? [] : ["order_id"] };
            var table = await catalog.EnsureTableAsync(new TableName("memory", name), definition);
            var written = await Measured.RunAsync(async () =>
            {
                var snapshot = await table.CommitAsync(new TableChange { AppendStream = Rows(name, rows) });
                return $"{snapshot.Summary["added-data-files"]} files of {long.Parse(snapshot.Summary["added-files-size"], CultureInfo.InvariantCulture) >> 20} MiB";
            });
            Report(name, "append, made on the way", written);
            Report(name, "scan", await Measured.RunAsync(() => CountAsync(table, [])));
            Report(name, "filtered scan", await Measured.RunAsync(() => CountAsync(table, [new ColumnRange("order_id", "80", "81")])));
            await foreach (var file in catalog.Store.ListAsync($"memory/{name}/data", default)) await catalog.Store.DeleteAsync(file.Key, default);
        }
        var peak = PeakBytes();
        Console.WriteLine($"{rows} rows: peak of resident memory {peak / 1_000_000} MB (bar {MostBytes / 1_000_000})");
        return peak < MostBytes ? 0 : 1;
    }

    static async IAsyncEnumerable<RowBatch> Rows(string table, long rows)
    {
        await Task.Yield();
        for (long first = 0; first < rows; first += Batch) yield return BenchTables.Make(table, first, (int)Math.Min(Batch, rows - first), rows, seed: 1);
    }

    static async Task<string> CountAsync(LakeTable table, IReadOnlyList<ColumnRange> where)
    {
        var aggregates = new Aggregates(table.Columns);
        await foreach (var batch in table.ScanAsync(new ScanRequest { Where = where })) aggregates.Add(batch);
        return aggregates.ToString().Split(' ')[0] + " rows";
    }

    static void Report(string table, string what, Measured measured) =>
        Console.WriteLine($"{table,-22} {what,-24} {measured.Seconds:f1} s, CPU {measured.CpuSeconds:f1} s, {measured.Result}; peak so far {PeakBytes() / 1_000_000} MB");

    static long PeakBytes() => long.Parse(HighWaterMark().Match(File.ReadAllText("/proc/self/status")).Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 1024;

    [GeneratedRegex(@"VmHWM:\s+(\d+) kB")]
    private static partial Regex HighWaterMark();
}
