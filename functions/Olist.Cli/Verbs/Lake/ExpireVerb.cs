using System.CommandLine;
using System.Globalization;
using Olist.Lake;
using Olist.Pipeline.Steps.Batch;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake expire</c>.</summary>
static class ExpireVerb
{
    public static Command Create()
    {
        var (lake, name, dryRun, json) = (CommonOptions.Lake(), LakeAccess.Table(required: false), LakeAccess.DryRun(), CommonOptions.Json());
        var age = LakeAccess.Hours("--older-than-hours", "Snapshots older than this go. Default: the table's history.expire.max-snapshot-age-ms, else 5 days.", least: 0);
        var keep = new Option<int?>("--keep") { Description = "Newest snapshots that stay whatever their age. Default: the table's history.expire.min-snapshots-to-keep, else 1.", HelpName = "N" };
        keep.Check(count => count < 1 ? "--keep must be 1 or more: the newest snapshot is the table." : null);
        var command = new Command("expire", "Drop old snapshots and the files that only they need. What tags, branches, offsets and the steps' watermarks need stays.") { lake, name, age, keep, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tables = await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken);
            var maintenance = new LakeMaintenance(new MaintenanceOptions
            {
                DryRun = parsed.GetValue(dryRun),
                MaxSnapshotAge = parsed.GetValue(age) is { } hours ? TimeSpan.FromHours(hours) : null,
                MinSnapshots = parsed.GetValue(keep),
                KeepSnapshots = await WatermarkSnapshots.FindAsync(tables, cancellationToken),
            });
            return await LakeAccess.ForEachAsync(tables, parsed.GetValue(name), parsed.GetValue(json), maintenance.ExpireAsync, result => Line(result, parsed.GetValue(dryRun)), cancellationToken);
        });
        return command;
    }

    static string Line(ExpiryResult result, bool isDryRun) => result.Removed.Count == 0 && result.RemovedRefs.Count == 0 ? $"nothing to do, {result.SnapshotsBefore} snapshots"
        : isDryRun ? string.Join(Environment.NewLine + "  ", result.Removed.Select(id => id.ToString(CultureInfo.InvariantCulture)).Concat(result.RemovedRefs).Prepend($"{result.Removed.Count} of {result.SnapshotsBefore} snapshots would go, and {result.RemovedRefs.Count} branches and tags"))
        : $"{result.Removed.Count} of {result.SnapshotsBefore} snapshots are gone, with {result.DataFilesRemoved} data and delete files, {result.ManifestsRemoved} manifests and {result.ManifestListsRemoved} lists ({result.BytesRemoved} bytes)";
}
