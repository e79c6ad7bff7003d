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
        var tag = new Option<string?>("--tag") { Description = "As of this tag; `olist lake tag list` lists them.", HelpName = "NAME" };
        var branch = new Option<string?>("--branch") { Description = "The head of this branch; `olist lake branch list` lists them.", HelpName = "NAME" };
        var command = new Command("export", "Write a table, as of any snapshot, to a file.") { lake, table, file, snapshot, asOf, tag, branch, CommonOptions.State() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] versions = [.. new Option[] { snapshot, asOf, tag, branch }.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
            if (versions.Length > 1) throw new CommandException($"{string.Join(" and ", versions)} name the version {(versions.Length == 2 ? "twice" : "several times")}: give one of them.");
            var path = parsed.GetRequiredValue(file);
            var format = TableFile.FormatOf(path);
            var catalog = await Workspace.OpenLakeAsync(Settings.Workspace(Settings.Load(), parsed.GetValue(lake), null), mayCreate: false, TimeProvider.System, cancellationToken);
            var source = await FindAsync(catalog.Catalog, parsed.GetRequiredValue(table), cancellationToken);
            var version = parsed.GetValue(snapshot) is { } id ? (source.FindSnapshot(id) ?? throw new CommandException($"{source.Name} has no snapshot {id}; olist lake snapshots --table {source.Name} lists those it has.")).SnapshotId
                : parsed.GetValue(asOf) is { } time ? source.SnapshotAsOf(time).SnapshotId
                : source.Current?.SnapshotId;
            var reference = Reference(source, parsed.GetValue(tag), ReferenceKind.Tag) ?? Reference(source, parsed.GetValue(branch), ReferenceKind.Branch);
            var rows = await TableFile.WriteAsync(source, reference is null ? new ScanRequest { SnapshotId = version } : new ScanRequest { Reference = reference.Name }, path, format, cancellationToken);
            version = reference?.SnapshotId ?? version;
            Report.Progress($"{rows} rows of {source.Name}{(version is null ? "" : $" as of snapshot {version}")} are in {path}");
            return 0;
        });
        return command;
    }

    static LakeReference? Reference(LakeTable table, string? name, ReferenceKind kind)
    {
        if (name is null) return null;
        if (table.References.Find(name) is { } found && found.Kind == kind) return found;
        var what = kind == ReferenceKind.Tag ? "tag" : "branch";
        var known = table.References.List().Where(reference => reference.Kind == kind).Select(reference => reference.Name).ToArray();
        throw new CommandException($"{table.Name} has no {what} {name}; it has {(known.Length == 0 ? "none" : string.Join(", ", known))}.");
    }

    static async Task<LakeTable> FindAsync(LakeCatalog catalog, string name, CancellationToken cancellationToken)
    {
        if (await catalog.FindTableAsync(TableName.Parse(name), cancellationToken) is { } table) return table;
        var known = await catalog.ListTablesAsync(cancellationToken);
        throw new CommandException($"No table {name} in the lake; there are {(known.Count == 0 ? "none yet" : string.Join(", ", known))}.");
    }
}
