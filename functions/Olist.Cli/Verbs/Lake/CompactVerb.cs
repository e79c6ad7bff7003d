using System.CommandLine;
using Olist.Lake;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake compact</c>.</summary>
static class CompactVerb
{
    public static Command Create()
    {
        var (lake, name, dryRun, json) = (CommonOptions.Lake(), LakeAccess.Table(required: false), LakeAccess.DryRun(), CommonOptions.Json());
        var command = new Command("compact", "Put small files together, sorted, and leave deleted rows behind. Readers see the same rows; no one sees new ones.") { lake, name, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tables = await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken);
            var maintenance = new LakeMaintenance(new MaintenanceOptions { DryRun = parsed.GetValue(dryRun) });
            return await LakeAccess.ForEachAsync(tables, parsed.GetValue(name), parsed.GetValue(json), maintenance.CompactAsync, Line, cancellationToken);
        });
        return command;
    }

    static string Line(CompactionResult result) => !result.IsNeeded ? "nothing to do"
        : $"{(result.SnapshotId is null ? "would put" : "put")} {result.FilesRewritten} files of {result.BytesRewritten} bytes together; data files {result.DataFilesBefore} to {result.DataFilesAfter}, "
        + $"delete files {result.DeleteFilesBefore} to {result.DeleteFilesAfter}, manifests {result.ManifestsBefore} to {result.ManifestsAfter}";
}
