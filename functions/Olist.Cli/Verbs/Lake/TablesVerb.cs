using System.CommandLine;
using System.Globalization;
using Olist.Pipeline.Steps.Tables;

namespace Olist.Cli.Verbs.Lake;

/// <summary><c>olist lake tables</c>.</summary>
static class TablesVerb
{
    sealed record TableLine(string Table, long Rows, long? SnapshotId, int Snapshots);

    public static Command Create()
    {
        var (lake, json) = (CommonOptions.Lake(), CommonOptions.Json());
        var command = new Command("tables", "All tables, with rows and present snapshot.") { lake, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var catalog = (await LakeAccess.OpenAsync(parsed.GetValue(lake), cancellationToken)).Catalog;
            var tables = new List<TableLine>();
            foreach (var name in await catalog.ListTablesAsync(cancellationToken))
                if (await catalog.FindTableAsync(name, cancellationToken) is { } table)
                    tables.Add(new TableLine(name.ToString(), RowCounts.Of(table), table.Current?.SnapshotId, table.Snapshots.Count));
            if (parsed.GetValue(json)) Report.Json(tables);
            else foreach (var table in tables) Console.Out.WriteLine($"{table.Table}  {table.Rows} rows  {table.Snapshots} snapshots  {table.SnapshotId?.ToString(CultureInfo.InvariantCulture) ?? "empty"}");
            return 0;
        });
        return command;
    }
}
