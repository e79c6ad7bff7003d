using System.Diagnostics;
using System.Globalization;
using Olist.Lake;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;
using Olist.Pipeline.Steps.Upkeep;
using Olist.Pipeline.Tests.Steps;

namespace Olist.Pipeline.Tests.Soak;

/// <summary>What is left of a day of traffic. Short by default; <c>tests/soak/day-of-traffic.sh</c> runs a whole day in a folder and measures.</summary>
public sealed class DayOfTrafficTests
{
    const int Pause = 5; // seconds between two commits to a table

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static double Hours => double.Parse(Environment.GetEnvironmentVariable("OLIST_DAY_HOURS") ?? "0.5", CultureInfo.InvariantCulture);

    static int Orders(int rounds) => int.Parse(Environment.GetEnvironmentVariable("OLIST_DAY_ORDERS") ?? Math.Max(200, rounds).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>A short run has to expire something too.</summary>
    static MaintenanceOptions Scale(MaintenanceOptions options) => Hours >= 2 ? options : options with { MaxSnapshots = 60, MinSnapshotAge = TimeSpan.FromMinutes(3) };

    [Fact]
    public async Task Commits_every_few_seconds_leave_few_files_few_snapshots_and_no_orphans()
    {
        var folder = Environment.GetEnvironmentVariable("OLIST_DAY_LAKE");
        var rounds = (int)(Hours * 3600 / Pause);
        await using var day = await TrafficDay.StartAsync(Orders(rounds), seed: 9, folder is null ? null : folder + "/trickled", Scale, Token);
        var watch = Stopwatch.StartNew();
        await day.RunAsync(rounds, TimeSpan.FromSeconds(Pause), hour => Say($"  {hour.TotalHours:f0} h after {watch.Elapsed.TotalSeconds:f0} s"), Token);
        Say($"{rounds} rounds of {Pause} s in {watch.Elapsed.TotalSeconds:f0} s, {day.Ingesting.TotalSeconds:f0} of them taking in; {day.Figures.Compactions} compactions, {day.Figures.SnapshotsExpired} snapshots expired, {day.Figures.Problems.Count} gave way");

        // One that lost to a merge is done by the next run; nothing else may go wrong.
        Assert.All(day.Figures.Problems, problem => Assert.Contains("gives way", problem, StringComparison.Ordinal));
        Assert.NotEmpty(day.Figures.Peaks);
        Assert.True(day.Figures.SnapshotsExpired > 0, "no snapshot expired");
        foreach (var peak in day.Figures.Peaks.Values)
        {
            Say($"  {peak.Table,-40} peak: {peak.DataFiles,3} data files, {peak.DeleteFiles,3} delete files, {peak.Snapshots,4} snapshots; {peak.Rows} rows, {peak.Bytes} bytes; {day.Figures.BytesCommitted[peak.Table]} bytes committed, written anew {day.Figures.BytesRewritten.GetValueOrDefault(peak.Table) / (double)day.Figures.BytesCommitted[peak.Table]:f2} times");
            Assert.InRange(peak.DataFiles, 0, 64);
            Assert.InRange(peak.DeleteFiles, 0, 64);
            Assert.InRange(peak.Snapshots, 0, Hours >= 2 ? 600 : 350);
        }
        if (Measures) await MeasureAsync(day, folder, "before the last full upkeep");
        await day.UpkeepAsync(LakeUpkeep.Full, Token);
        Assert.All(await TableFigures.ReadAllAsync(day.Tables, Token), now => Assert.InRange(now.DataFiles, 0, 8));
        foreach (var step in BatchPlan.Steps) Assert.Empty(day.Expected[step.Target].Differences(await LakeRows.ReadAsync(await day.Tables.EnsureAsync(step.Target, Token), Token)));
        await NothingIsLooseAsync(day);
        if (Measures) await MeasureAsync(day, folder, "after it");
    }

    /// <summary>Files that no snapshot and no log refers to: compactions that gave way and lost races clean up after themselves.</summary>
    static async Task NothingIsLooseAsync(TrafficDay day)
    {
        var look = new LakeMaintenance(new MaintenanceOptions { DryRun = true });
        foreach (var name in await day.Tables.Catalog.ListTablesAsync(Token))
        {
            var table = (await day.Tables.FindAsync(name.ToString(), Token))!; // listed a moment ago
            var found = await look.RemoveOrphansAsync(table, Token);
            Assert.True(found.Orphans.Count + found.FilesTooYoung == 0, $"{name}: {found.Orphans.Count} orphans, {found.FilesTooYoung} loose files");
            Assert.InRange(found.FilesListed, 1, 10_000);
        }
    }

    static bool Measures => Environment.GetEnvironmentVariable("OLIST_DAY_MEASURE") is "1";

    static LakeTables? s_atOnce;

    static async Task MeasureAsync(TrafficDay day, string? folder, string when)
    {
        s_atOnce ??= await day.LoadAtOnceAsync(folder is null ? null : folder + "/at-once", Token);
        foreach (var name in (string[])["bronze.order_status", "bronze.order_item", "silver.order_event", "gold.fact_order_lead_days", "gold.fact_order_detail"])
        {
            var (trickled, atOnce) = (new List<double>(), new List<double>());
            for (var turn = 0; turn < 31; turn++)
            {
                trickled.Add(await ScanAsync((await day.Tables.FindAsync(name, Token))!));
                atOnce.Add(await ScanAsync((await s_atOnce.FindAsync(name, Token))!));
            }
            trickled.Sort();
            atOnce.Sort();
            Say($"  scan of {name,-30} {when}: {trickled[15]:f2} ms, of one load {atOnce[15]:f2} ms, ratio {trickled[15] / atOnce[15]:f2}");
        }
    }

    static async Task<double> ScanAsync(LakeTable table)
    {
        var watch = Stopwatch.StartNew();
        long rows = 0;
        await foreach (var batch in table.ScanAsync(null, null, Token)) rows += batch.RowCount;
        Assert.Equal(RowCounts.Of(table), rows);
        return watch.Elapsed.TotalMilliseconds;
    }

    static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
