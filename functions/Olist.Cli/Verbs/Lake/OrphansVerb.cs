using System.CommandLine;
using Olist.Lake;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake orphans</c>.</summary>
static class OrphansVerb
{
    public static Command Create()
    {
        var (lake, name, dryRun, json) = (CommonOptions.Lake(), LakeAccess.Table(required: false), LakeAccess.DryRun(), CommonOptions.Json());
        var age = LakeAccess.Hours("--older-than-hours", "Only files older than this; the files of a commit in progress look like orphans. Default 72, at least 1.", least: 1);
        var command = new Command("orphans", "Remove files that no snapshot refers to: what killed writers left. --dry-run lists them.") { lake, name, age, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var tables = await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken);
            var options = new MaintenanceOptions { DryRun = parsed.GetValue(dryRun) };
            var maintenance = new LakeMaintenance(parsed.GetValue(age) is { } hours ? options with { OrphanAge = TimeSpan.FromHours(hours) } : options);
            return await LakeAccess.ForEachAsync(tables, parsed.GetValue(name), parsed.GetValue(json), maintenance.RemoveOrphansAsync, result => Line(result, options.DryRun), cancellationToken);
        });
        return command;
    }

    static string Line(OrphanResult result, bool isDryRun)
    {
        var line = $"{result.Orphans.Count} orphans of {result.FilesListed} files{(isDryRun ? "" : " removed")} ({result.Bytes} bytes), {result.FilesTooYoung} too young to tell";
        return isDryRun ? string.Join(Environment.NewLine + "  ", result.Orphans.Select(orphan => orphan.Key).Prepend(line)) : line;
    }
}
