using Microsoft.Extensions.DependencyInjection;
using Olist.FunctionsHost.Durable.Engine;
using Olist.Pipeline.Speed.Live;

namespace Olist.Functions.Tests.Soak;

/// <summary>All that could grow, at one moment: memory, the state folder, the tables.</summary>
/// <param name="Managed">Bytes of the managed heap after a full collection.</param>
/// <param name="Processor">Processor time of the process so far.</param>
sealed record DaySample(
    TimeSpan At, int Messages, int Orders, long Managed, long Resident, TimeSpan Processor,
    IReadOnlyDictionary<string, FolderSample> State, FolderSample Lineage, IReadOnlyList<TableSample> Tables)
{
    public const string PlainTopics = "log: other topics";

    public static async Task<DaySample> TakeAsync(SimulatedDay day, CancellationToken cancellationToken)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        var (lake, state) = (day.Folder + "/lake", day.Workspace.State.Folder);
        var parts = new SortedDictionary<string, FolderSample>(StringComparer.Ordinal)
        {
            ["host: log of orchestrations and entities"] = FolderSample.Of(state + "/host/durable", file => file.Extension == ".wal"),
            ["host: store of entities"] = FolderSample.Of(state + "/host/durable", file => file.Extension == ".seg"),
            ["host: the rest"] = FolderSample.Of(state + "/host", file => file.Extension is not ".wal" and not ".seg"),
            ["log: compacted topics"] = FolderSample.Of(state + "/log/topics/delivery_status"),
            [PlainTopics] = FolderSample.Of(state + "/log/topics", file => !file.FullName.Contains("/delivery_status/", StringComparison.Ordinal)),
            ["log: groups.journal"] = FolderSample.Of(state + "/log", file => file.Name == "groups.journal"),
            ["pipeline"] = FolderSample.Of(state + "/pipeline"),
        };
        return new DaySample(day.Elapsed, day.MessagesSent, day.Services.GetRequiredService<LiveOrders>().Count, managed, Environment.WorkingSet, Environment.CpuUsage.TotalTime, parts,
            FolderSample.Of(lake + "/_lineage"), await TableSample.TakeAsync(day.Workspace.Tables, lake, cancellationToken));
    }

    public void Say(Action<string> say)
    {
        say($"hour {At.TotalHours:f2}: {Processor.TotalSeconds:f0} s of processor time, {Messages} messages, {Orders} orders; heap {Managed / 1e6:f1} MB, resident {Resident / 1e6:f0} MB; lineage {Lineage}");
        foreach (var (part, sample) in State) say($"  {part,-42} {sample}");
        foreach (var table in Tables)
            say($"  {table.Table,-42} {table.Rows,8} rows, {table.DataFiles,3} data files, {table.DeleteFiles,3} delete files, {table.Snapshots,4} snapshots; folder {table.FilesInFolder,5} files, {table.Manifests,4} manifests, {table.MetadataFiles,3} metadata.json of {table.MetadataBytes / 1024,6} KiB, {table.Bytes / 1024,7} KiB in all");
    }
}
