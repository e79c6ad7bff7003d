using System.CommandLine;
using Olist.Cli.Exports;
using Olist.Lake;
using Olist.Pipeline.Steps;

namespace Olist.Cli.Verbs;

/// <summary><c>olist export</c>: a table as a file, as of any snapshot.</summary>
static class ExportVerb
{
    public static Command Create()
    {
        var lake = CommonOptions.Lake();
        var table = new Option<string>("--table") { Description = "layer.table, such as gold.fact_order_detail.", Required = true, HelpName = "NAME" };
        var file = new Option<string>("--out") { Description = "FILE.parquet, FILE.csv or FILE.jsonl; replaced when it is there.", Required = true, HelpName = "FILE" };
        var snapshot = new Option<long?>("--snapshot") { Description = "As of this snapshot.", HelpName = "ID" };
        var asOf = CommonOptions.Time("--as-of", "As of this time");
        var command = new Command("export", "Write a table, as of any snapshot, to a file.") { lake, table, file, snapshot, asOf, CommonOptions.State() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(snapshot) is not null && parsed.GetValue(asOf) is not null)
                throw new CommandException("--snapshot and --as-of name the version twice: give one of them.");
            var path = parsed.GetRequiredValue(file);
            var format = TableFile.FormatOf(path);
            var catalog = await Workspace.OpenLakeAsync(Settings.Workspace(Settings.Load(), parsed.GetValue(lake), null), mayCreate: false, TimeProvider.System, cancellationToken);
            var source = await FindAsync(catalog.Catalog, parsed.GetRequiredValue(table), cancellationToken);
            var version = parsed.GetValue(snapshot) is { } id ? (source.FindSnapshot(id) ?? throw new CommandException($"{source.Name} has no snapshot {id}; olist lake snapshots --table {source.Name} lists those it has.")).SnapshotId
                : parsed.GetValue(asOf) is { } time ? source.SnapshotAsOf(time).SnapshotId
                : source.Current?.SnapshotId;
            var rows = await TableFile.WriteAsync(source, version, path, format, cancellationToken);
            Report.Progress($"{rows} rows of {source.Name}{(version is null ? "" : $" as of snapshot {version}")} are in {path}");
            return 0;
        });
        return command;
    }

    static async Task<LakeTable> FindAsync(LakeCatalog catalog, string name, CancellationToken cancellationToken)
    {
        if (await catalog.FindTableAsync(TableName.Parse(name), cancellationToken) is { } table) return table;
        var known = await catalog.ListTablesAsync(cancellationToken);
        throw new CommandException($"No table {name} in the lake; there are {(known.Count == 0 ? "none yet" : string.Join(", ", known))}.");
    }
}
