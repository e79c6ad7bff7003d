using System.CommandLine;
using Olist.Lake;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake rollback</c>.</summary>
static class RollbackVerb
{
    public static Command Create()
    {
        var (lake, name, dryRun, json) = (CommonOptions.Lake(), LakeAccess.Table(required: true), LakeAccess.DryRun(), CommonOptions.Json());
        var snapshot = new Option<long>("--snapshot") { Description = "The ancestor to go back to; `olist lake snapshots` lists them.", Required = true, HelpName = "ID" };
        var command = new Command("rollback", "Set a table back to an earlier snapshot, with its rows, offsets and watermarks. The later snapshots stay until they expire.") { lake, name, snapshot, dryRun, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var table = await LakeAccess.FindAsync(await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken), parsed.GetRequiredValue(name)!, cancellationToken); // required
            var target = parsed.GetRequiredValue(snapshot);
            var isDryRun = parsed.GetValue(dryRun);
            var before = isDryRun ? await LakeMaintenance.CheckRollBackAsync(table, target, cancellationToken) : await LakeMaintenance.RollBackAsync(table, target, cancellationToken);
            if (parsed.GetValue(json)) Report.Json(new { Table = table.Name.ToString(), From = before, To = target, DryRun = isDryRun });
            else Console.Out.WriteLine($"{table.Name}: {(isDryRun ? "would go" : "went")} from snapshot {before} back to {target}");
            return 0;
        });
        return command;
    }
}
