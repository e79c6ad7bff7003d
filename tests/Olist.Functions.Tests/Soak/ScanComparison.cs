using System.Diagnostics;
using Olist.Formats.Columns;
using Olist.Lake;
using Olist.Pipeline.Steps.Tables;
using Olist.Storage;

namespace Olist.Functions.Tests.Soak;

/// <summary>How long scans take beside scans of the same rows in a table that was loaded at once: both between each other, by processor time, medians.</summary>
sealed class ScanComparison(LakeTables tables, string folder, int turns)
{
    /// <summary>Enough of a scan that the clock of the processor tells something.</summary>
    static readonly TimeSpan Least = TimeSpan.FromMilliseconds(4);

    /// <param name="Ratio">Of processor time.</param>
    /// <param name="WallRatio">Of what the clock on the wall says.</param>
    public sealed record Result(string Table, long Rows, int DataFiles, int DeleteFiles, double Milliseconds, double AtOnceMilliseconds, double Ratio, double WallRatio);

    public async Task<IReadOnlyList<Result>> RunAsync(CancellationToken cancellationToken)
    {
        var results = new List<Result>();
        var once = new LakeTables(await LakeCatalog.OpenAsync(new LocalObjectStore(folder, Storage.Durability.Process), TimeProvider.System, cancellationToken));
        // A reader of its own: what the app keeps in memory of its latest commits is no part of the table.
        var reader = new LakeTables(await LakeCatalog.OpenExistingAsync(tables.Catalog.Store, TimeProvider.System, cancellationToken: cancellationToken));
        foreach (var name in await reader.Catalog.ListTablesAsync(cancellationToken))
            if (await reader.FindAsync(name.ToString(), cancellationToken) is { Current: { } head } table)
                results.Add(await CompareAsync(table, head, await LoadAsync(once, table, cancellationToken), cancellationToken));
        Directory.Delete(folder, recursive: true);
        return results;
    }

    static async Task<LakeTable> LoadAsync(LakeTables once, LakeTable table, CancellationToken cancellationToken)
    {
        var rows = new List<RowBatch>();
        await foreach (var batch in table.ScanAsync(null, null, cancellationToken)) rows.Add(batch);
        var copy = await once.EnsureAsync(table.Name.ToString(), cancellationToken);
        await copy.CommitAsync(new TableChange { Append = rows }, cancellationToken);
        return copy;
    }

    async Task<Result> CompareAsync(LakeTable table, LakeSnapshot head, LakeTable once, CancellationToken cancellationToken)
    {
        var warm = Stopwatch.StartNew();
        var rounds = 0;
        for (; rounds < 5 || (warm.Elapsed < Least && rounds < 50); rounds++) Assert.Equal(await ScanAsync(once, cancellationToken), await ScanAsync(table, cancellationToken));
        var repeats = Math.Clamp((int)(2 * Least / (warm.Elapsed / rounds)), 1, 50);
        var (mine, its) = (new List<(double Processor, double Wall)>(), new List<(double Processor, double Wall)>());
        // In an order drawn by lot: strictly in turns, collections of garbage fell on one of the two again and again.
        var random = new Random(turns);
        while (mine.Count < turns || its.Count < turns)
        {
            var isMine = its.Count == turns || (mine.Count < turns && random.Next(2) == 0);
            (isMine ? mine : its).Add(await MeasureAsync(isMine ? table : once, repeats, cancellationToken));
        }
        var (processor, atOnce) = (Median(mine.Select(one => one.Processor)), Median(its.Select(one => one.Processor)));
        return new Result(table.Name.ToString(), RowCounts.Of(table), int.Parse(head.Summary["total-data-files"], null), int.Parse(head.Summary["total-delete-files"], null),
            processor, atOnce, processor / atOnce, Median(mine.Select(one => one.Wall)) / Median(its.Select(one => one.Wall)));
    }

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    static async Task<(double Processor, double Wall)> MeasureAsync(LakeTable table, int repeats, CancellationToken cancellationToken)
    {
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var i = 0; i < repeats; i++) await ScanAsync(table, cancellationToken);
        return ((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / repeats, watch.Elapsed.TotalMilliseconds / repeats);
    }

    static async Task<long> ScanAsync(LakeTable table, CancellationToken cancellationToken)
    {
        long rows = 0;
        await foreach (var batch in table.ScanAsync(null, null, cancellationToken)) rows += batch.RowCount;
        return rows;
    }
}
