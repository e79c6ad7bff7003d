using System.Diagnostics;
using System.Globalization;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Pipeline.Tests.Measurements;

/// <summary>Figures, not checks: what an increment costs against the full batch, and against a longer history. Run by <c>tests/bench/incremental-ratio.sh</c>.</summary>
public sealed class IncrementalRatio(ITestOutputHelper output)
{
    /// <summary>The first increments of a lake find nothing kept.</summary>
    const int Warmup = 12;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    /// <summary>One run of the batch layer: wall and processor time, and wall time per step.</summary>
    sealed record Run(double Seconds, double CpuSeconds, IReadOnlyList<StepResult> Steps);

    /// <summary>A lake that increments are run on, and what they took.</summary>
    sealed record History(string Name, GrowingLake Lake)
    {
        public List<Run> Runs { get; } = [];

        public double Seconds => Median(Runs.Select(run => run.Seconds));
    }

    [Fact(Explicit = true)]
    public async Task Full_batch_against_increments_on_a_short_and_a_long_history()
    {
        var work = Environment.GetEnvironmentVariable("OLIST_BENCH_WORK") ?? Path.Combine(Path.GetTempPath(), "olist-incremental");
        var (orders, rounds, longer, denser) = (Setting("OLIST_BENCH_ORDERS", 100_000), Setting("OLIST_BENCH_ROUNDS", 9), Setting("OLIST_BENCH_LONGER", 10), Setting("OLIST_BENCH_DENSER", 10));
        var newOrders = Math.Max(1, orders / 100);
        using var copies = new Copies(work);
        Task<GrowingLake> PrepareAsync(int times, int months) => GrowingLake.PrepareAsync(work, orders * times, months, newOrders, rounds + Warmup, Token);
        var shorter = new History("short", await PrepareAsync(1, SyntheticDataset.PublicMonths));
        List<History> histories = [shorter];
        // Two years of growth hold as many orders as fifteen months at the height.
        if (longer > 1) histories.Add(new($"{longer} times as long", await PrepareAsync(longer, SyntheticDataset.PublicMonths + (15 * (longer - 1)))));
        if (denser > 1) histories.Add(new($"{denser} times as dense", await PrepareAsync(denser, SyntheticDataset.PublicMonths)));

        // In turns with passes over the increments, as the machine has better and worse minutes; a full batch writes so much that the disk is busy with it for seconds after.
        var full = new List<Run>();
        async Task RunFullAsync()
        {
            for (var round = 0; round < Setting("OLIST_BENCH_FULL", 4); round++) full.Add(await RunAsync(await shorter.Lake.CopyAsync(copies.Next(), history: false, Token), shorter.Lake.Pins[0]));
            await Task.Delay(TimeSpan.FromSeconds(5), Token);
        }
        await RunFullAsync();
        full.Clear(); // compiled only now
        Say($"warm after {await WarmAsync(shorter.Lake, copies)} passes of {shorter.Lake.Pins.Count - 1} increments");
        async Task RunPassAsync(int pass, IReadOnlyList<History> histories)
        {
            var tables = new List<LakeTables>();
            foreach (var history in histories) tables.Add(await history.Lake.CopyAsync(copies.Next(), true, Token));
            for (var part = 1; part <= rounds + Warmup; part++)
            {
                var runs = new List<Run>();
                for (var i = 0; i < histories.Count; i++) runs.Add(await RunAsync(tables[i], histories[i].Lake.Pins[part]));
                if (part <= Warmup) continue;
                for (var i = 0; i < histories.Count; i++) histories[i].Runs.Add(runs[i]);
                Say($"pass {pass}, increment {part - Warmup}: {string.Join(", ", histories.Select((history, i) => $"{history.Name} {Text(runs[i])}"))}");
            }
        }

        // The share first, in turns with full batches, while the process holds one lake, as the app does; then the growth, of three lakes in turns.
        var alone = new History("alone", shorter.Lake);
        var passes = Setting("OLIST_BENCH_PASSES", 3);
        for (var pass = 1; pass <= passes; pass++)
        {
            await RunFullAsync();
            await RunPassAsync(pass, [alone]);
        }
        await RunFullAsync();
        for (var pass = 1; pass <= passes && histories.Count > 1; pass++) await RunPassAsync(pass, histories);
        histories.Insert(0, alone);
        if (histories.Count == 2) histories.RemoveAt(1);
        Say($"full batch over {shorter.Lake.Orders} orders ({shorter.Lake.Messages[0]} messages): {string.Join(", ", full.Select(Text))}");
        foreach (var step in BatchPlan.Steps)
            Say(string.Create(CultureInfo.InvariantCulture, $"  {step.Target,-36} full {StepMs(full, step),8:f1} ms") + string.Concat(histories.Select(history => string.Create(CultureInfo.InvariantCulture, $"   {history.Name} {StepMs(history.Runs, step),6:f1} ms"))));
        var all = Median(full.Select(run => run.Seconds));
        Say($"median full batch {Ms(all)} (processor {Ms(Median(full.Select(run => run.CpuSeconds)))}); an increment is {newOrders} new orders and the later events of others");
        foreach (var history in histories)
            Say(string.Create(CultureInfo.InvariantCulture, $"{history.Name,-20} {history.Lake.Orders,8} orders in {history.Lake.Months,3} months: median increment {Ms(history.Seconds)} (processor {Ms(Median(history.Runs.Select(run => run.CpuSeconds)))}, {Median(history.Lake.Messages.Skip(1).Select(count => (double)count)):f0} messages, ")
                + string.Create(CultureInfo.InvariantCulture, $"taken into bronze in {Ms(Median(history.Lake.IngestSeconds.Skip(1)))}), {history.Seconds / Base(history).Seconds:f2} times the short one; all increments {Ms(history.Runs.Sum(run => run.Seconds))}, {history.Runs.Sum(run => run.Seconds) / Base(history).Runs.Sum(run => run.Seconds):f2} times, for {Messages(history.Lake) * history.Runs.Count / rounds} messages"));
        Say(string.Create(CultureInfo.InvariantCulture, $"RESULT share {alone.Seconds / all * 100:f2} growth {(longer > 1 ? histories[2].Seconds / shorter.Seconds : 1):f2}"));

        History Base(History history) => history == alone ? alone : shorter;
    }

    /// <summary>The first runs of a process compile the code that they run through, again and again: an app that is up for days is past that. It is when passes stop getting faster.</summary>
    static async Task<int> WarmAsync(GrowingLake lake, Copies copies)
    {
        const int Least = 20, Patience = 6;
        var (fastest, since) = (double.MaxValue, 0);
        for (var pass = 1; ; pass++)
        {
            var tables = await lake.CopyAsync(copies.Next(), true, Token);
            var runs = new List<Run>();
            foreach (var pins in lake.Pins.Skip(1)) runs.Add(await RunAsync(tables, pins));
            since = Median(runs.Select(run => run.CpuSeconds)) is var median && median < fastest * 0.97 ? 0 : since + 1;
            fastest = Math.Min(fastest, median);
            if (pass >= Setting("OLIST_BENCH_WARM", 40) || (pass >= Least && since >= Patience)) return pass;
        }
    }

    /// <summary>For a profiler: nothing but increments, one lake after the other.</summary>
    [Fact(Explicit = true)]
    public async Task Increments_over_and_over()
    {
        var work = Environment.GetEnvironmentVariable("OLIST_BENCH_WORK") ?? Path.Combine(Path.GetTempPath(), "olist-incremental");
        var orders = Setting("OLIST_BENCH_ORDERS", 100_000);
        using var copies = new Copies(work);
        var lake = await GrowingLake.PrepareAsync(work, orders, Setting("OLIST_BENCH_MONTHS", SyntheticDataset.PublicMonths), Setting("OLIST_BENCH_NEW", orders / 100), Setting("OLIST_BENCH_ROUNDS", 9) + 3, Token);
        for (var round = 0; round < Setting("OLIST_BENCH_REPEAT", 10); round++)
        {
            var tables = await lake.CopyAsync(copies.Next(), true, Token);
            var runs = new List<Run>();
            foreach (var pins in lake.Pins.Skip(1)) runs.Add(await RunAsync(tables, pins));
            Say($"{Text(runs[^1])}, median {Ms(Median(runs.Select(run => run.Seconds)))} (processor {Ms(Median(runs.Select(run => run.CpuSeconds)))}): {string.Join(", ", BatchPlan.Steps.Select(step => Ms(StepMs(runs, step) / 1000)))}");
        }
    }

    /// <summary>Folders for copies of lakes, removed when all is measured: a file system that looks for places of thousands of files that have just gone is slower for a minute.</summary>
    sealed class Copies(string work) : IDisposable
    {
        readonly string _folder = Directory.CreateDirectory(Path.Combine(work, $"copies-{Environment.ProcessId}")).FullName;
        int _count;

        public string Next() => Path.Combine(_folder, (_count++).ToString(CultureInfo.InvariantCulture));

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    static async Task<Run> RunAsync(LakeTables tables, IReadOnlyDictionary<string, long> pins)
    {
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var (cpu, watch) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var steps = await BatchRun.RunAsync(new BatchContext(tables, pins, TimeProvider.System), BatchRun.Parallelism, Token);
        var seconds = Stopwatch.GetElapsedTime(watch).TotalSeconds;
        process.Refresh();
        return new Run(seconds, (process.TotalProcessorTime - cpu).TotalSeconds, steps);
    }

    static long Messages(GrowingLake lake) => lake.Messages.Skip(1 + Warmup).Sum();

    void Say(string line)
    {
        output.WriteLine(line);
    }

    static string Text(Run run) => $"{Ms(run.Seconds)} (processor {Ms(run.CpuSeconds)})";

    static string Ms(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:f0} ms");

    static double StepMs(List<Run> runs, BatchStep step) => Median(runs.Select(run => run.Steps.First(result => result.Target == step.Target).Elapsed.TotalMilliseconds));

    static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[(sorted.Length - 1) / 2];
    }
}
