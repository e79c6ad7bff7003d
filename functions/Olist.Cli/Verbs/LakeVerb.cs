using System.CommandLine;
using Olist.Lake;
using Olist.Pipeline.Steps;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Cli.Verbs;

/// <summary><c>olist lake</c>: looking at the tables.</summary>
static class LakeVerb
{
    public static Command Create() => new("lake", "Look at the tables of a lake.") { Tables(), Snapshots() };

    static Command Tables()
    {
        var (lake, json) = (CommonOptions.Lake(), CommonOptions.Json());
        var command = new Command("tables", "All tables, with rows and present snapshot.") { lake, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var catalog = await OpenAsync(parsed.GetValue(lake), cancellationToken);
            var tables = new List<object>();
            foreach (var name in await catalog.ListTablesAsync(cancellationToken))
                if (await catalog.FindTableAsync(name, cancellationToken) is { } table)
                    tables.Add(new { Table = name.ToString(), Rows = RowCounts.Of(table), table.Current?.SnapshotId, Snapshots = table.Snapshots.Count });
            if (parsed.GetValue(json)) Report.Json(tables);
            else foreach (var table in tables) Console.Out.WriteLine(table);
            return 0;
        });
        return command;
    }

    static Command Snapshots()
    {
        var (lake, json) = (CommonOptions.Lake(), CommonOptions.Json());
        var name = new Option<string>("--table") { Description = "layer.table.", Required = true, HelpName = "NAME" };
        var command = new Command("snapshots", "The snapshots of a table, oldest first.") { lake, name, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var catalog = await OpenAsync(parsed.GetValue(lake), cancellationToken);
            var table = await catalog.FindTableAsync(TableName.Parse(parsed.GetRequiredValue(name)), cancellationToken)
                ?? throw new CommandException($"No table {parsed.GetRequiredValue(name)} in the lake; `olist lake tables` lists those that are there.");
            if (parsed.GetValue(json)) Report.Json(table.Snapshots);
            else foreach (var snapshot in table.Snapshots) Console.Out.WriteLine($"{snapshot.SnapshotId}  {snapshot.Timestamp:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}  {snapshot.Operation}");
            return 0;
        });
        return command;
    }

    static async Task<LakeCatalog> OpenAsync(string? lake, CancellationToken cancellationToken) =>
        (await Workspace.OpenLakeAsync(Settings.Workspace(Settings.Load(), lake, null), mayCreate: false, TimeProvider.System, cancellationToken)).Catalog;
}
