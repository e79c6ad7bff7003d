using System.Globalization;
using Olist.Lake;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Tests.Speed;
using Olist.Pipeline.Tests.Steps;
using Olist.Testing.Oracle;

namespace Olist.Functions.Tests.Soak;

/// <summary>What a day of traffic leaves behind in the app: memory, logs, files and snapshots. Half an hour of less by default; <c>tests/soak/day-of-traffic.sh</c> runs the day and compares scans.</summary>
public sealed class DayOfTrafficTests(ITestOutputHelper output)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    static double Hours => Number("OLIST_DAY_HOURS", 0.5);
    static TimeSpan Pause => TimeSpan.FromSeconds(Number("OLIST_DAY_PAUSE", 15));
    static int Orders => (int)Number("OLIST_DAY_ORDERS", 400);

    /// <summary>So short that a day sees the log's oldest records go.</summary>
    static int RetentionHours => Hours >= 12 ? 6 : 1;

    /// <summary>Bytes per message in topics that keep everything: products, users, places.</summary>
    const double Directories = 40;

    static int Turns => (int)Number("OLIST_DAY_TURNS", 0);

    static double Number(string name, double fallback) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : fallback;

    /// <summary>Seven minutes past the hour is full upkeep: the last minute before it is the worst moment for a scan.</summary>
    static readonly TimeSpan BeforeUpkeep = TimeSpan.FromSeconds(410), AfterUpkeep = TimeSpan.FromSeconds(440);

    readonly Dictionary<string, TableSample> _peaks = [];
    readonly List<DaySample> _samples = [];
    readonly List<string> _said = [];

    [Fact]
    public async Task Memory_state_files_and_snapshots_stay_bounded()
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("OLIST_DAY_FOLDER") ?? Path.GetTempPath(), $"olist-day-{Guid.NewGuid():N}");
        var dataset = Path.Combine(folder, "dataset");
        await SyntheticDataset.WriteAsync(Orders, seed: 9, dataset, Token);
        try
        {
            await using var day = await SimulatedDay.StartAsync(folder, dataset, Hear, Token, $"--Olist:Log:RetentionHours={RetentionHours}");
            var end = TimeSpan.FromHours(Hours);
            await Task.Run(() => day.RunAsync(end + BeforeUpkeep, Pause, end + BeforeUpkeep, minute => LookAsync(day, minute), Token), Token);
            await CompareAsync(day, "right before full upkeep");
            await Task.Run(() => day.RunAsync(end + BeforeUpkeep, Pause, end + AfterUpkeep, minute => LookAsync(day, minute), Token), Token);
            await day.CalmAsync(Token);
            await CompareAsync(day, "after it");
            await Task.Run(() => day.SettleAsync(Token), Token);
            await SampleAsync(day);
            foreach (var peak in _peaks.Values) Say($"peak of {peak.Table,-40} {peak.DataFiles,3} data files, {peak.DeleteFiles,3} delete files, {peak.Snapshots,4} snapshots");
            foreach (var line in _said) Say(line);

            Assert.All(_peaks.Values, CheckTable);
            CheckGrowth();
            Assert.All(_said, line => Assert.Contains("gives way", line, StringComparison.Ordinal));
            await NothingIsLooseAsync(day);
            await RowsAreTheOraclesAsync(day, dataset);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    void Hear(string line)
    {
        lock (_said) _said.Add(line);
    }

    async Task LookAsync(SimulatedDay day, TimeSpan minute)
    {
        if (minute.TotalMinutes % (Hours < 2 ? 15 : 60) == 0) await SampleAsync(day);
        else if (minute.TotalMinutes % 5 == 4) Keep(await TableSample.PeekAsync(day.Workspace.Tables, Token));
    }

    async Task SampleAsync(SimulatedDay day)
    {
        var sample = await DaySample.TakeAsync(day, Token);
        _samples.Add(sample);
        Keep(sample.Tables);
        sample.Say(Say);
    }

    void Keep(IReadOnlyList<TableSample> tables)
    {
        foreach (var table in tables) _peaks[table.Table] = _peaks.TryGetValue(table.Table, out var peak) ? peak.MaxWith(table) : table;
    }

    static void CheckTable(TableSample peak)
    {
        Assert.InRange(peak.DataFiles, 0, 64);
        Assert.InRange(peak.DeleteFiles, 0, 64);
        Assert.InRange(peak.Snapshots, 1, 600);
        Assert.InRange(peak.MetadataFiles, 1, 40);
    }

    /// <summary>What is left to grow is what there is more of: orders and messages.</summary>
    void CheckGrowth()
    {
        var (early, late) = (_samples[_samples.Count / 5], _samples[^1]);
        var orders = late.Orders - early.Orders;
        // Entities and the caches of the lake stay in memory up to a limit that a day does not always reach by its first fifth.
        var kept = 64_000_000 + new LakeOptions().CacheBytes + new LakeOptions().LookupCacheBytes;
        Assert.InRange(late.Managed, 0, early.Managed + kept + (orders * 2_000L));
        Assert.InRange(late.State[DaySample.PlainTopics].Bytes, 0, 8_000_000 + (long)(Directories * late.Messages) + (long)(500L * late.Messages * Math.Min(1, 1.5 * RetentionHours / late.At.TotalHours)));
        Assert.InRange(late.State["log: compacted topics"].Bytes, 0, 16_000_000 + (late.Orders * 1_000L));
        Assert.InRange(late.State["host: log of orchestrations and entities"].Bytes, 0, 200_000_000);
        Assert.InRange(late.State["host: store of entities"].Bytes, 0, 16_000_000 + (late.Orders * 4_000L));
        Assert.InRange(late.State["log: groups.journal"].Bytes, 0, 4_000_000);
        Assert.All(late.State.Values, part => Assert.InRange(part.Files, 0, 400));
    }

    async Task CompareAsync(SimulatedDay day, string when)
    {
        if (Turns == 0) return;
        await day.CalmAsync(Token);
        foreach (var result in await new ScanComparison(day.Workspace.Tables, day.Folder + "/at-once", Turns).RunAsync(Token))
            Say($"scan {when}: {result.Table,-40} {result.Rows,8} rows in {result.DataFiles,2} data and {result.DeleteFiles,2} delete files: {result.Milliseconds,8:f3} ms of processor, of one load {result.AtOnceMilliseconds,8:f3} ms, ratio {result.Ratio:f2} (wall {result.WallRatio:f2})");
    }

    /// <summary>Files that no snapshot and no log refers to: compactions that gave way and lost races clean up after themselves.</summary>
    static async Task NothingIsLooseAsync(SimulatedDay day)
    {
        var look = new LakeMaintenance(new MaintenanceOptions { DryRun = true });
        foreach (var name in await day.Workspace.Tables.Catalog.ListTablesAsync(Token))
        {
            var table = (await day.Workspace.Tables.FindAsync(name.ToString(), Token))!; // listed a moment ago
            var found = await look.RemoveOrphansAsync(table, Token);
            Assert.True(found.Orphans.Count + found.FilesTooYoung == 0, $"{name}: {found.Orphans.Count} orphans, {found.FilesTooYoung} loose files");
        }
    }

    static async Task RowsAreTheOraclesAsync(SimulatedDay day, string dataset)
    {
        var expected = new Dictionary<string, OracleTable>(OracleTables.Compute(dataset));
        foreach (var stream in (string[])["fact_order_detail", "dim_user_location"]) expected.Add("stream." + stream, expected["gold." + stream] with { Name = "stream." + stream });
        expected.Add("stream.fact_order_lead_days", OpenStages.Of(expected["gold.fact_order_lead_days"]) with { Name = "stream.fact_order_lead_days" });
        foreach (var (name, table) in expected) Assert.Empty(table.Differences(await LakeRows.ReadAsync(await day.Workspace.Tables.EnsureAsync(name, Token), Token), 3));
    }

    void Say(string line) => output.WriteLine(line);
}
