using System.Diagnostics;
using System.Text.Json;
using Olist.Pipeline.Datasets.Synth;
using Olist.Pipeline.Model;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Batch;
using Olist.Pipeline.Steps.Bronze;
using Olist.Pipeline.Steps.Publishing;
using Olist.Pipeline.Steps.Tables;
using Olist.Streaming;

namespace Olist.Pipeline.Tests.Measurements;

/// <summary>A lake whose bronze tables hold a history and then some increments, each one taken in by itself, and whose silver and gold hold the history only.</summary>
/// <remarks>The history is what had happened when a number of orders had been placed, in event time; an increment is what happened until some more orders were placed: those orders and the
/// later events of earlier ones. Built once and kept; a batch run is pinned to the bronze snapshots of a moment, so runs can be repeated on copies without publishing and taking in again.</remarks>
sealed class GrowingLake
{
    readonly string _folder;
    readonly Recorded _recorded;

    /// <param name="Pins">Bronze snapshots: of the history, then after each increment.</param>
    /// <param name="Messages">In the history, then in each increment.</param>
    /// <param name="IngestSeconds">For the history, then for each increment.</param>
    sealed record Recorded(List<Dictionary<string, long>> Pins, List<long> Messages, List<double> IngestSeconds);

    GrowingLake(string folder, int orders, int months, Recorded recorded)
    {
        (_folder, Orders, Months, _recorded) = (folder, orders, months, recorded);
    }

    public int Orders { get; }

    public int Months { get; }

    public IReadOnlyList<IReadOnlyDictionary<string, long>> Pins => _recorded.Pins;

    public IReadOnlyList<long> Messages => _recorded.Messages;

    public IReadOnlyList<double> IngestSeconds => _recorded.IngestSeconds;

    /// <summary>Opens the lake that is in the work folder, or builds it.</summary>
    /// <param name="months">How long the shop is open.</param>
    public static async Task<GrowingLake> PrepareAsync(string work, int orders, int months, int newOrders, int increments, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(work, $"{orders}+{increments}x{newOrders}" + (months == SyntheticDataset.PublicMonths ? "" : $" in {months} months"));
        var record = Path.Combine(folder, "increments.json");
        if (!File.Exists(record))
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            var built = await BuildAsync(folder, orders, months, newOrders, increments, cancellationToken);
            await File.WriteAllTextAsync(record, JsonSerializer.Serialize(built), cancellationToken);
        }
        var recorded = JsonSerializer.Deserialize<Recorded>(await File.ReadAllTextAsync(record, cancellationToken))!; // written above
        if (!Directory.Exists(Path.Combine(folder, "lake", "gold", "fact_monthly_sales_by_product")))
        {
            foreach (var layer in (string[])["silver", "gold"])
                if (Directory.Exists(Path.Combine(folder, "lake", layer))) Directory.Delete(Path.Combine(folder, "lake", layer), recursive: true);
            var tables = await Workspace.OpenLakeAsync(new WorkspaceOptions { Lake = Path.Combine(folder, "lake") }, mayCreate: false, TimeProvider.System, cancellationToken);
            await BatchRun.RunAsync(new BatchContext(tables, recorded.Pins[0], TimeProvider.System), 2, cancellationToken);
        }
        return new GrowingLake(folder, orders, months, recorded);
    }

    static async Task<Recorded> BuildAsync(string folder, int orders, int months, int newOrders, int increments, CancellationToken cancellationToken)
    {
        var dataset = Path.Combine(folder, "dataset");
        // More than is used: the last weeks of a dataset only see old orders arrive, which no shop that is still open does.
        await SyntheticDataset.WriteAsync((orders + newOrders * increments) * 108 / 100 + 10, seed: 1, months, dataset, cancellationToken);
        var source = await PublishableDataset.LoadAsync(dataset, cancellationToken);
        Directory.Delete(dataset, recursive: true);
        await using var workspace = await Workspace.OpenAsync(new WorkspaceOptions { Lake = Path.Combine(folder, "lake") }, TimeProvider.System, cancellationToken);
        var recorded = new Recorded([], [], []);
        long start = 0;
        for (var part = 0; part <= increments; part++)
        {
            var end = IndexAfter(source, orders + newOrders * part);
            await workspace.State.PublishAsync(source, ReplayPace.Max, start, end, null, cancellationToken);
            var watch = Stopwatch.GetTimestamp();
            await new LogToBronze(workspace).RunAsync(2, cancellationToken);
            recorded.IngestSeconds.Add(Stopwatch.GetElapsedTime(watch).TotalSeconds);
            recorded.Messages.Add(end - start);
            var context = await BatchContext.StartAsync(workspace.Tables, TimeProvider.System, cancellationToken);
            recorded.Pins.Add(context.Pins.ToDictionary());
            start = end;
        }
        return recorded;
    }

    /// <summary>The message after those of the first orders: each order's purchase brings one customer.</summary>
    static int IndexAfter(PublishableDataset source, int orders)
    {
        var customer = Enumerable.Range(0, TableCatalog.BronzeTopics.Count).Single(topic => TableCatalog.BronzeTopics[topic] == TableCatalog.Customer);
        var sequence = source.Messages.Sequence;
        for (var (at, met) = (0, 0); at < sequence.Count; at++)
            if (sequence.Topics[at] == customer && met++ == orders) return sequence.FindFirst(sequence.Times[at]);
        return sequence.Count;
    }

    /// <summary>A copy to run the batch layer on; with <paramref name="history"/> silver and gold are there up to the history, else not at all. Files are shared: none is ever changed in place.</summary>
    public async Task<LakeTables> CopyAsync(string target, bool history, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path.Combine(_folder, "lake")))
        {
            if (!history && Path.GetFileName(entry) is "silver" or "gold" or ".tmp") continue;
            using var copy = Process.Start("cp", ["-al", entry, target]);
            await copy.WaitForExitAsync(cancellationToken);
            if (copy.ExitCode != 0) throw new IOException($"{entry} could not be copied to {target}.");
        }
        return await Workspace.OpenLakeAsync(new WorkspaceOptions { Lake = target }, mayCreate: false, TimeProvider.System, cancellationToken);
    }
}
