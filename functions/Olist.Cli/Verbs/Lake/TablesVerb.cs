using System.CommandLine;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake tables</c>.</summary>
static class TablesVerb
{
    public static Command Create()
    {
        var (lake, json) = (CommonOptions.Lake(), CommonOptions.Json());
        var command = new Command("tables", "All tables, with rows and present snapshot.") { lake, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var catalog = (await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken)).Catalog;
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
}
