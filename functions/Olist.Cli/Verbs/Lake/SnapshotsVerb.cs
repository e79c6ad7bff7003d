using System.CommandLine;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake snapshots</c>.</summary>
static class SnapshotsVerb
{
    public static Command Create()
    {
        var (lake, name, json) = (CommonOptions.Lake(), LakeAccess.Table(required: true), CommonOptions.Json());
        var command = new Command("snapshots", "The snapshots of a table, oldest first.") { lake, name, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var table = await LakeAccess.FindAsync(await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken), parsed.GetRequiredValue(name)!, cancellationToken); // required
            if (parsed.GetValue(json)) Report.Json(table.Snapshots);
            else foreach (var snapshot in table.Snapshots) Console.Out.WriteLine($"{snapshot.SnapshotId}  {snapshot.Timestamp:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}  {snapshot.Operation}");
            return 0;
        });
        return command;
    }
}
